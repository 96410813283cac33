using System.Diagnostics.CodeAnalysis;

namespace Nosana.LocalNet.Runtime;

/// <summary>
/// Thrown by a program to abort its instruction and with it the whole transaction: nothing changes but the fee payer's fee.
/// An <see cref="OverflowException"/> (checked arithmetic) stands for a panic and is reported as <c>ProgramFailedToComplete</c>.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "A failed instruction is an ordinary outcome of the runtime, not a fault of this process.")]
public sealed class InstructionFailure(InstructionError error) : Exception($"instruction failed: {error}")
{
    public InstructionFailure(uint customCode) : this(InstructionError.Custom(customCode))
    {
    }

    public InstructionError Error { get; } = error;
}
