using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>At the disk of the agent itself, job after job. The control is a host whose budget is large enough.</summary>
public sealed class StateAttackTests : IAsyncLifetime
{
    /// <summary>Of <c>--logs-gb 0.02</c>.</summary>
    private const long Budget = (long)(0.02 * (1L << 30));

    private readonly List<string> _options = [];
    private readonly MarketHost _host;

    public StateAttackTests() => _host = new MarketHost { Options = _options };

    private string Logs => Path.Combine(_host.Network.StateDirectory, "logs");

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Output_OfJobsThatHaveEnded_KeepsToItsBudget()
    {
        for (int job = 0; job < 3; job++) await PrintAsync();
        Assert.True(Stored() > Budget, $"{Stored()} bytes");

        _host.Process.Terminate();
        await _host.Process.ExitAsync();
        _options.AddRange(["--logs-gb", "0.02"]);
        await _host.StartAsync();
        await _host.UntilAsync(() => Stored() <= Budget, "the output is pruned at the start");

        for (int job = 0; job < 3; job++) await PrintAsync(); // a quarter of the budget each
        await _host.UntilAsync(() => Stored() <= Budget, "the output is pruned while the host runs", TimeSpan.FromMinutes(2));
        Assert.NotEmpty(Directory.GetDirectories(Logs));
    }

    /// <summary>A job that prints 12 MB.</summary>
    private async Task PrintAsync() => await _host.CompletedAsync(await _host.Network.PostAsync(Definitions.Shell(
        "l=$(head -c 1199 /dev/zero | tr '\\0' x); i=0; while [ $i -lt 10000 ]; do echo \"$l\"; i=$((i+1)); done")));

    private long Stored() => new DirectoryInfo(Logs).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
