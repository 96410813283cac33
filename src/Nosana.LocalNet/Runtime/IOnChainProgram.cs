using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>The behaviour of one on-chain program. One object serves every call: it keeps no state of its own, all of it lives in accounts.</summary>
public interface IOnChainProgram
{
    /// <summary>The address the program is deployed at.</summary>
    PublicKey Id { get; }

    /// <summary>Compute units charged for one call. A flat figure: the real programs are metered by the instruction, here none is compiled.</summary>
    ulong ComputeUnits => 25_000;

    /// <summary>Runs one instruction, in one thread. Fails by throwing <see cref="InstructionFailure"/>.</summary>
    void Execute(InstructionContext context);
}
