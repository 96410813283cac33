using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Nodes;

/// <summary>Registers a node.</summary>
internal sealed class RegisterInstruction : AnchorInstruction
{
    private readonly DataRule<NodeAccount> _node;
    private readonly SignerRule _payer, _authority;

    public RegisterInstruction(NosanaNetworks networks) : base(NodesLayout.Register)
    {
        _node = Data<NodeAccount>("node", networks.Primary.Nodes).Init(() => _payer!, call => ["node"u8.ToArray(), _authority!.Key(call).KeyBytes]);
        _payer = Signer("payer").Mut();
        _authority = Signer("authority");
        SystemProgram();
    }

    public override void Handle(AnchorCall call) => _node.Set(call, Registration.Apply(call, new NodeAccount { Authority = _authority.Key(call) }));
}
