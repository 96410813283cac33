using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>A node leaves the queue, or the market's authority puts it out.</summary>
internal sealed class StopInstruction : AnchorInstruction
{
    private readonly DataRule<MarketAccount> _market;
    private readonly UncheckedRule _node;

    public StopInstruction(JobsSetup setup) : base(JobsLayout.Stop)
    {
        SignerRule? authority = null;
        _market = Data<MarketAccount>("market", setup.Addresses.Jobs).Mut()
            .Where(call => _market!.Of(call).QueueType == QueueType.Node, JobsError.MarketInWrongState)
            .Where(call => authority!.Key(call) == _market!.Of(call).Authority || authority.Key(call) == _node!.Key(call), CommonError.Unauthorized);
        _node = Unchecked("node");
        authority = Signer("authority");
    }

    public override void Handle(AnchorCall call) =>
        _market.Update(call, market => market.Remove(_node.Key(call)) ?? throw call.Fail(JobsError.NotInMarketQueue));
}
