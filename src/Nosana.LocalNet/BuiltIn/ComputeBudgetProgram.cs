using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>Accepts what the runtime has read already, before the first instruction ran.</summary>
internal sealed class ComputeBudgetProgram : IOnChainProgram
{
    public PublicKey Id => WellKnownAddresses.ComputeBudgetProgram;

    public ulong ComputeUnits => 150;

    public void Execute(InstructionContext context)
    {
    }
}
