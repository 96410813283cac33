using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>A node takes the oldest job, or a place in the queue when there is none.</summary>
internal sealed class WorkInstruction : AnchorInstruction
{
    private readonly UncheckedRule _run;
    private readonly DataRule<MarketAccount> _market;
    private readonly SignerRule _payer, _authority;

    public WorkInstruction(JobsSetup setup) : base(JobsLayout.Work)
    {
        _run = Unchecked("run").FreshRun();
        _market = Data<MarketAccount>("market", setup.Addresses.Jobs).Mut()
            .Where(
                call => _market!.Of(call).QueueType == QueueType.Job || _market.Of(call).IndexInQueue(_authority!.Key(call)) < 0, JobsError.NodeAlreadyQueued);
        _payer = Signer("payer").Mut();
        Data<StakeAccount>("stake", setup.Addresses.Staking).RequireStake(setup, _market, () => _authority!);
        TokenRule nft = Token("nft").RequireAccessKey(_market, () => _authority!);
        Unchecked("metadata").RequireCollection(setup, _market, nft);
        _authority = Signer("authority");
        SystemProgram();
    }

    public override void Handle(AnchorCall call)
    {
        MarketAccount market = _market.Of(call);
        if (market.QueueType == QueueType.Job)
        {
            (MarketAccount after, PublicKey job) = market.Pop();
            _market.Set(call, after);
            // Whether the job account still exists is not asked.
            Runs.Create(call, _run, _payer, job, _authority.Key(call));
        }
        else
        {
            _market.Set(call, market.Append(_authority.Key(call), QueueType.Node));
        }
    }
}
