using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Docker.DotNet.Models;
using Nosana.EndToEnd.Tests.Attacks.Hostile;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>
/// Definitions that once harmed a host, as they were (in <c>Given</c>): each ends in its time, the agent and its result stay small, and what it tried did
/// not happen. The addresses in them are stand-ins; the tests of the single protections have the controls.
/// </summary>
[Collection(LanStandIn.Addresses)]
public sealed class GivenAttackTests : IAsyncLifetime
{
    private const string Internet = "5.5.5.5", Own = "6.6.6.6", Metadata = "169.254.169.254", Neighbour = "2a00:1111::20", OnLink = "2a00:1111::1/64";

    private const int StoragePort = 80, OwnPort = 9091, RegistryPort = 5001;

    /// <summary>Seconds that each may take.</summary>
    private const int Timeout = 40;

    private const long MaxMemory = 300L << 20, MaxResult = 16L << 20;

    /// <summary>Names that the definitions count on, none of them what a job may change.</summary>
    private static readonly string[] Names = ["localhost/atk:1", "operator/app:1"];

    private readonly string _directory = Directory.CreateTempSubdirectory("nosana-given-").FullName;
    private readonly TestEngine _engine = new();
    private LanStandIn _lan = null!;
    private HostileSource _storage = null!;
    private HostileServer _registry = null!, _own = null!;
    private ConnectionTap _tap = null!;

    private static string Folder => Path.Combine(RepositoryFiles.Root, "tests", "Nosana.EndToEnd.Tests", "Attacks", "Given");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _engine.Client.PullImageAsync(Definitions.Image, null, null, Token);
        foreach (string name in Names) await _engine.Client.TagImageAsync(Definitions.Image, name[..^2], "1", Token);
        using (MemoryStream files = DiskAttackTests.BusyboxFiles()) await _engine.Client.ImportImageAsync("localhost/vol", "1", files, ["VOLUME /vol"], Token);
        _lan = await LanStandIn.StartAsync([Internet, Metadata, Neighbour], "nosana-giv", "10.252.0.1");
        await _lan.AddOwnAsync($"{Own}/32");
        await _lan.AddOwnAsync(OnLink);
        _storage = await HostileSource.StartAsync(await _lan.ListenThereAsync(StoragePort));
        var own = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        own.Bind(new IPEndPoint(IPAddress.Parse(Own), OwnPort));
        own.Listen();
        _own = new HostileServer("own", own, 2, new HostileAnswers([Metadata]));
        _registry = new HostileServer("registry", await _lan.ListenThereAsync(RegistryPort), 1, new HostileAnswers([$"http://{Metadata}/latest"]));
        _tap = await ConnectionTap.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_tap is not null) await _tap.DisposeAsync();
        if (_registry is not null) await _registry.DisposeAsync();
        if (_storage is not null) await _storage.DisposeAsync();
        if (_own is not null) await _own.DisposeAsync();
        if (_lan is not null) await _lan.DisposeAsync();
        foreach (string name in (string[])[.. Names, "localhost/vol:1"]) await _engine.Client.DeleteImageAsync(name, new ImageDeleteParameters(), Token);
        _engine.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Definition_ThatOnceHarmedAHost_EndsInItsTimeAndDoesNothing(string file)
    {
        string[] before = await IdsAsync();
        long began = Stopwatch.GetTimestamp();
        await using NodeProcess process = NodeProcess.Start(_directory, [
            "run", Path.Combine(Folder, file), "--docker", _engine.Endpoint.OriginalString, "--no-admission", "--timeout", $"{Timeout}", "--disk", "300m"]);
        Task<int> exit = process.ExitAsync(TimeSpan.FromSeconds(120));
        long peak = await PeakMemory.OfAsync(process.Id, exit);
        int code = await exit;
        TimeSpan took = Stopwatch.GetElapsedTime(began);

        TestContext.Current.TestOutputHelper?.WriteLine($"{file}: exit code {code}, {took.TotalSeconds:0.0} s, peak {peak >> 20} MiB, result {process.Output.Length} characters");
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(Timeout + 5));
        Assert.InRange(peak, 1, MaxMemory);
        Assert.InRange(process.Output.Length, 0, MaxResult);
        // Nothing but the stranger's own servers and what is on loopback was connected to, and no name means something else.
        Assert.DoesNotContain(await _tap.ReadAsync(), one => one.Address is Metadata or Neighbour or Own);
        Assert.Empty(_own.Given);
        Assert.Equal(before, await IdsAsync());
        Assert.DoesNotContain('\u001b', process.Text);
        Assert.DoesNotContain(process.Lines, line => line.Text.StartsWith("FORGED", StringComparison.Ordinal) || line.Text.StartsWith("21:00", StringComparison.Ordinal));
        if (file.StartsWith("f-", StringComparison.Ordinal)) Assert.Contains("more than its budget of 314572800 bytes", process.Text, StringComparison.Ordinal);
        else if (file is not ("m1.json" or "m6.json" or "l-op.json")) Assert.NotEqual(0, code);
    }

    private async Task<string[]> IdsAsync()
    {
        var ids = new List<string>();
        foreach (string name in Names) ids.Add((await _engine.Client.InspectImageAsync(name, Token)).ID);
        return [.. ids];
    }
}
