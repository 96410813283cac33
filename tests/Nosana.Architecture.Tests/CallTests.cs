namespace Nosana.Architecture.Tests;

/// <summary>Calls that belong into one place, or nowhere.</summary>
public sealed class CallTests
{
    /// <summary>Time is an injected <see cref="TimeProvider"/>, and what is printed is the command line's matter.</summary>
    /// <param name="allowed">Full names that a caller's may begin with, separated by spaces.</param>
    [Theory]
    // A thread of its own that lets output gather, some milliseconds at a time.
    [InlineData("System.Threading.Thread", "Sleep", "Nosana.Docker.Transport.GatheringStream")]
    [InlineData("System.DateTimeOffset", "get_UtcNow", "")]
    [InlineData("System.DateTimeOffset", "get_Now", "")]
    [InlineData("System.DateTime", "get_UtcNow", "")]
    [InlineData("System.DateTime", "get_Now", "")]
    [InlineData("System.Console", "", "Nosana.Node.Cli.")]
    public void Call_IsMadeOnlyWhereItBelongs(string owner, string method, string allowed) => Verdict.NoFaults(Faults(owner, method, allowed));

    [Fact]
    public void Faults_OfAWrongCall_NameBothAndThePlace() =>
        Assert.Contains(
            "Nosana.Docker.Transport.GatheringStream must not call System.Threading.Thread.Sleep (in Receive)",
            Faults("System.Threading.Thread", "Sleep", allowed: ""));

    private static IReadOnlyList<string> Faults(string owner, string method, string allowed)
    {
        string[] callers = allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. Compiled.Calls(Compiled.Types, owner, method)
                .Where(call => !callers.Any(caller => call.From.StartsWith(caller, StringComparison.Ordinal)))
                .Select(call => $"{call.From} must not call {call.To} ({call.Where})")
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }
}
