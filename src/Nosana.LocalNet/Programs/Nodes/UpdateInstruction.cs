using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Nodes;

/// <summary>Replaces a registration.</summary>
internal sealed class UpdateInstruction : AnchorInstruction
{
    private readonly DataRule<NodeAccount> _node;

    public UpdateInstruction(NosanaNetworks networks) : base(NodesLayout.Update)
    {
        SignerRule? authority = null;
        _node = Data<NodeAccount>("node", networks.Primary.Nodes).Mut().HasOne(() => authority!, node => node.Authority, CommonError.Unauthorized);
        authority = Signer("authority");
    }

    public override void Handle(AnchorCall call) => _node.Update(call, node => Registration.Apply(call, node));
}
