namespace Nosana.Solana.Rpc.Models;

/// <summary>Which instruction of a transaction failed and how.</summary>
/// <param name="InstructionIndex">From 0.</param>
/// <param name="Type">The runtime's name, e.g. <c>Custom</c>, <c>ProgramFailedToComplete</c>.</param>
/// <param name="CustomError">The program's own number when <paramref name="Type"/> is <c>Custom</c>; programs' numbers collide, so read the logs as
/// well.</param>
public sealed record InstructionError(int InstructionIndex, string Type, uint? CustomError)
{
    public const string Custom = "Custom";

    public override string ToString() => CustomError is { } number
        ? $"instruction {InstructionIndex} failed with custom error {number} (0x{number:x})"
        : $"instruction {InstructionIndex} failed with {Type}";
}
