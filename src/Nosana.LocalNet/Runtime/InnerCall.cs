namespace Nosana.LocalNet.Runtime;

/// <summary>A call that a program made: which instruction of the transaction it belongs to, and how deep it was.</summary>
internal sealed record InnerCall(int InstructionIndex, CompiledCall Call, int StackHeight);
