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
    // The S3 library signs addresses by the machine's clock, too.
    [InlineData("System.DateTime", "get_UtcNow", "Nosana.Node.Engine.Resources.S3BucketLister")]
    [InlineData("System.DateTime", "get_Now", "")]
    [InlineData("System.Console", "", "Nosana.Node.Cli.")]
    public void Call_IsMadeOnlyWhereItBelongs(string owner, string method, string allowed) => Verdict.NoFaults(Faults(owner, method, allowed));

    [Fact]
    public void Faults_OfAWrongCall_NameBothAndThePlace() =>
        Assert.Contains(
            "Nosana.Node.Engine.Resources.S3BucketLister must not call System.DateTime.get_UtcNow (in AddressOf)",
            Faults("System.DateTime", "get_UtcNow", allowed: ""));

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
