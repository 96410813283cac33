using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Pools;

/// <summary>The pools program.</summary>
internal sealed class PoolsProgram(NosanaNetworks networks, bool rejectDuplicates) : AnchorProgram(
    networks.Primary.Pools, PoolsLayout.Program, networks.Derived, rejectDuplicates,
[
    new OpenInstruction(networks), new ClaimFeeInstruction(networks), new ClaimTransferInstruction(networks), new CloseInstruction(networks),
    new UpdateBeneficiaryInstruction(networks),
]);
