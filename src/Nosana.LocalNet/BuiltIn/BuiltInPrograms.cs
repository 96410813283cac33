using Nosana.LocalNet.Runtime;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>The programs that every Solana cluster has, as far as this network runs them.</summary>
internal static class BuiltInPrograms
{
    public static IReadOnlyList<IOnChainProgram> Create() =>
        [new SystemProgram(), new ComputeBudgetProgram(), new TokenProgram(), new AssociatedTokenProgram()];
}
