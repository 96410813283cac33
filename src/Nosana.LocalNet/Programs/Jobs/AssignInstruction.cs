using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>Lists a job and gives it to one node of the queue, wherever in it that stands.</summary>
internal sealed class AssignInstruction : AnchorInstruction
{
    private readonly DataRule<JobAccount> _job;
    private readonly DataRule<MarketAccount> _market;
    private readonly DataRule<RunAccount> _run;
    private readonly UncheckedRule _node;
    private readonly SignerRule _payer, _authority;
    private readonly Deposits _deposits;

    public AssignInstruction(JobsSetup setup) : base(JobsLayout.Assign)
    {
        TokenRule? vault = null;
        _job = Data<JobAccount>("job", setup.Addresses.Jobs).Init(() => _payer!);
        _market = Data<MarketAccount>("market", setup.Addresses.Jobs).Mut()
            .HasOne(() => vault!, market => market.Vault, CommonError.InvalidVault)
            .Where(call => _market!.Of(call).QueueType == QueueType.Node, JobsError.MarketInWrongState);
        _run = Data<RunAccount>("run", setup.Addresses.Jobs).Init(() => _payer!);
        _node = Unchecked("node");
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
        _market.Set(call, market.Remove(_node.Key(call)) ?? throw call.Fail(JobsError.NotInMarketQueue));
        _job.Set(call, new JobAccount
        {
            IpfsJob = call.Argument<byte[]>("ipfs_job"),
            Market = _market.Key(call),
            Payer = _payer.Key(call),
            Price = market.JobPrice,
            Project = _authority.Key(call),
            Timeout = timeout,
        });
        _run.Set(call, new RunAccount { Job = _job.Key(call), Node = _node.Key(call), Payer = _payer.Key(call), Time = call.Now });
        _deposits.Pay(call, market.JobPrice, timeout);
    }
}
