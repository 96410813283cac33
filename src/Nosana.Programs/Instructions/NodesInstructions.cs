using Nosana.Programs.Accounts;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Instructions;

/// <summary>Builds the nodes program's calls for one network.</summary>
public sealed class NodesInstructions(ProgramAddresses addresses)
{
    /// <param name="authority">The node's wallet; its registration is derived from it.</param>
    /// <param name="registration">What is registered; authority and audited are the program's.</param>
    public TransactionInstruction Register(PublicKey authority, NodeAccount registration, PublicKey? payer = null) => NodesLayout.Register.Build(
        addresses.Nodes, [addresses.Node(authority).Address, payer ?? authority, authority, WellKnownAddresses.SystemProgram], Arguments(registration));

    public TransactionInstruction Update(PublicKey authority, NodeAccount registration, PublicKey? node = null) => NodesLayout.Update.Build(
        addresses.Nodes, [node ?? addresses.Node(authority).Address, authority], Arguments(registration));

    /// <param name="node">Address of the registration.</param>
    /// <param name="authority">The programs' authority key.</param>
    public TransactionInstruction Audit(PublicKey node, PublicKey authority, bool audited) =>
        NodesLayout.Audit.Build(addresses.Nodes, [node, authority], audited);

    private static object[] Arguments(NodeAccount node) =>
        [(byte)node.Architecture, node.Country, node.Cpu, node.Gpu, node.Memory, node.Iops, node.Storage, node.Endpoint, node.Icon, node.Version];
}
