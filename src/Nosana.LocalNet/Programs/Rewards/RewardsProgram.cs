using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Rewards;

/// <summary>The rewards program, for the mints of all networks.</summary>
internal sealed class RewardsProgram(NosanaNetworks networks, bool rejectDuplicates) : AnchorProgram(
    networks.Primary.Rewards, RewardsLayout.Program, networks.Derived, rejectDuplicates,
[
    new InitInstruction(networks), new EnterInstruction(networks), new AddFeeInstruction(networks), new ClaimInstruction(networks),
    new SyncInstruction(networks), new CloseInstruction(networks),
]);
