using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Nodes;

/// <summary>The nodes program: a registry.</summary>
internal sealed class NodesProgram(NosanaNetworks networks, bool rejectDuplicates) : AnchorProgram(
    networks.Primary.Nodes, NodesLayout.Program, networks.Derived, rejectDuplicates,
[
    new RegisterInstruction(networks), new UpdateInstruction(networks), new AuditInstruction(networks),
]);
