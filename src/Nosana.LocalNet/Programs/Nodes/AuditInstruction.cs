using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Nodes;

/// <summary>The programs' authority marks a node as audited, or not.</summary>
internal sealed class AuditInstruction : AnchorInstruction
{
    private readonly DataRule<NodeAccount> _node;

    public AuditInstruction(NosanaNetworks networks) : base(NodesLayout.Audit)
    {
        _node = Data<NodeAccount>("node", networks.Primary.Nodes).Mut();
        SignerRule? authority = null;
        authority = Signer("authority")
            .At(call => networks.IsAuthority(authority!.Key(call)) ? authority.Key(call) : networks.Primary.Authority, CommonError.Unauthorized);
    }

    public override void Handle(AnchorCall call) => _node.Update(call, node => node with { Audited = call.Argument<bool>("audited") });
}
