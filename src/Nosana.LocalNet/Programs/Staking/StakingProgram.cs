using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>The staking program, for the mints of all networks.</summary>
internal sealed class StakingProgram(NosanaNetworks networks, bool rejectDuplicates) : AnchorProgram(
    networks.Primary.Staking, StakingLayout.Program, networks.Derived, rejectDuplicates,
[
    new InitInstruction(networks), new StakeInstruction(networks), new UnstakeInstruction(networks), new RestakeInstruction(networks),
    new TopupInstruction(networks),
    new ExtendInstruction(networks), new WithdrawInstruction(networks), new CloseInstruction(networks), new SlashInstruction(networks),
    new UpdateSettingsInstruction(networks),
]);
