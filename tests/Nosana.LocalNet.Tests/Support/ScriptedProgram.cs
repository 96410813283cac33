using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Tests.Support;

/// <summary>A program that does what the test says.</summary>
internal sealed class ScriptedProgram(Action<InstructionContext> script) : IOnChainProgram
{
    public PublicKey Id { get; } = new(Enumerable.Repeat((byte)7, 32).ToArray());

    public ulong ComputeUnits => 1_000;

    public void Execute(InstructionContext context) => script(context);
}
