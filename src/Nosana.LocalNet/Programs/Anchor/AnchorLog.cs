using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>Writes errors to the log in Anchor's format, by which clients tell colliding numbers apart.</summary>
internal static class AnchorLog
{
    /// <param name="account">The account to blame, by its name in the program; null for an error of a handler.</param>
    public static InstructionFailure Fail(InstructionContext context, ErrorCode code, string? account)
    {
        string cause = account is null ? "occurred" : $"caused by account: {account}";
        context.Log($"AnchorError {cause}. Error Code: {code.Name}. Error Number: {code.Number}. Error Message: {code.Message}.");
        return new InstructionFailure((uint)code.Number);
    }

    /// <summary>Two addresses that should have been equal (or different), as Anchor prints them after the error.</summary>
    public static void Pair(InstructionContext context, PublicKey left, PublicKey right)
    {
        context.Log("Left:");
        context.Log(left.Key);
        context.Log("Right:");
        context.Log(right.Key);
    }
}
