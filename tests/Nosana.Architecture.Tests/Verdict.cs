namespace Nosana.Architecture.Tests;

/// <summary>Fails with every fault in full: Assert.Empty would cut them short.</summary>
internal static class Verdict
{
    public static void NoFaults(IReadOnlyList<string> faults) => Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
}
