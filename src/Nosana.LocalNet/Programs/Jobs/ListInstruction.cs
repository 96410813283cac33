using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>Lists a job: it goes to the node that waits longest, or into the queue.</summary>
internal sealed class ListInstruction : AnchorInstruction
{
    private readonly DataRule<JobAccount> _job;
    private readonly DataRule<MarketAccount> _market;
    private readonly UncheckedRule _run;
    private readonly SignerRule _payer, _authority;
    private readonly Deposits _deposits;

    public ListInstruction(JobsSetup setup) : base(JobsLayout.List)
    {
        TokenRule? vault = null;
        _job = Data<JobAccount>("job", setup.Addresses.Jobs).Init(() => _payer!);
        _market = Data<MarketAccount>("market", setup.Addresses.Jobs).Mut().HasOne(() => vault!, market => market.Vault, CommonError.InvalidVault);
        _run = Unchecked("run").FreshRun();
        TokenRule user = Token("user").Mut()
            .Where(call => _market.Of(call).JobPrice == 0 || Key(call, "user") == setup.TokenAccount(_payer!.Key(call)), CommonError.InvalidATA);
        vault = Token("vault").Mut();
        _payer = Signer("payer").Mut();
        DataRule<ReflectionAccount> reflection = Data<ReflectionAccount>("rewards_reflection", setup.Addresses.Rewards).Mut();
        TokenRule rewardsVault = Token("rewards_vault").Mut();
        _authority = Signer("authority");
        Program("rewards_program", setup.Addresses.Rewards);
        TokenProgram();
        SystemProgram();
        _deposits = new Deposits(setup, user, vault, _payer, reflection, rewardsVault);
    }

    public override void Handle(AnchorCall call)
    {
        MarketAccount market = _market.Of(call);
        long timeout = call.Argument<long>("timeout");
        JobAccount job = new()
        {
            IpfsJob = call.Argument<byte[]>("ipfs_job"),
            Market = _market.Key(call),
            Payer = _payer.Key(call),
            Price = market.JobPrice,
            Project = _authority.Key(call),
            Timeout = timeout,
        };
        _job.Set(call, job);
        if (market.QueueType == QueueType.Node)
        {
            (MarketAccount after, PublicKey node) = market.Pop();
            _market.Set(call, after);
            Runs.Create(call, _run, _payer, _job.Key(call), node);
        }
        else
        {
            _market.Set(call, market.Append(_job.Key(call), QueueType.Job));
        }
        _deposits.Pay(call, job.Price, timeout);
    }
}
