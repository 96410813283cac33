using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Programs.Accounts;
using PublicKey = Nosana.Solana.Wallet.PublicKey;

namespace Nosana.EndToEnd.Tests.Attacks.Hostile;

/// <summary>
/// The real agent, with every server that it asks hostile at times and those that strangers name hostile always, for many jobs. The short form takes
/// some minutes; <c>NOSANA_TEST_HOSTILE_JOBS=500</c> runs the long one, <c>NOSANA_TEST_HOSTILE_SEED</c> another one.
/// </summary>
[Collection(LanStandIn.Addresses)]
public sealed class HostileRunTests : IAsyncLifetime
{
    private const string Internet = "5.5.5.5", Metadata = "169.254.169.254", Lan = "192.168.250.10";

    private const int StoragePort = 8081, RegistryPort = 5001, ShortJobs = 40, Ahead = 2;

    /// <summary>Seconds that a job may take, and those in which the host must have settled it afterwards.</summary>
    private const int Timeout = 12, Grace = 30;

    private const long PeakBytes = 300L << 20;

    private static readonly TimeSpan ShortTime = TimeSpan.FromMinutes(4), Pause = TimeSpan.FromMilliseconds(50);

    private readonly MarketHost _host = new();
    private LanStandIn _lan = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _lan = await LanStandIn.StartAsync([Internet, Metadata, Lan]);
        await _host.PrepareAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _lan.DisposeAsync();
    }

    [Fact]
    public async Task Host_EveryServerIsHostile_ServesOnWithinItsBounds()
    {
        int seed = Number("NOSANA_TEST_HOSTILE_SEED", 20261130), jobs = Number("NOSANA_TEST_HOSTILE_JOBS", ShortJobs);
        TimeSpan time = jobs > ShortJobs ? TimeSpan.MaxValue : ShortTime;
        // A service of the machine's own, that nobody has a reason to ask.
        using var secret = new TcpListener(IPAddress.Loopback, 0);
        secret.Start();
        int secretPort = ((IPEndPoint)secret.LocalEndpoint).Port;
        var answers = new HostileAnswers([
            $"http://{Metadata}:{LanStandIn.ServicePort}/latest", $"http://{Lan}:{LanStandIn.ServicePort}/", $"http://127.0.0.1:{secretPort}/", $"http://localhost:{secretPort}/",
            $"http://[::ffff:127.0.0.1]:{secretPort}/", $"http://{LanStandIn.OwnAddress}:{secretPort}/", $"http://{Internet}:{StoragePort}/again", "file:///etc/passwd", "gopher://x/"]);
        await using var tap = await ConnectionTap.OpenAsync();
        await using var storage = new HostileServer("storage", await _lan.ListenThereAsync(StoragePort), seed, answers);
        using X509Certificate2 certificate = CertificateFor(Internet);
        await using var registry = new HostileServer("registry", await _lan.ListenThereAsync(RegistryPort), seed + 1, answers) { Certificate = certificate };
        await using var rpc = Before("RPC", _host.Network.Server.RpcUri, 0.8, seed + 2, answers);
        await using var streaming = Before("RPC's WebSocket", _host.Network.Server.NextPortWsUri, 0.8, seed + 3, answers);
        await using var ipfs = Before("IPFS", _host.Network.Server.PinningUri, 0.8, seed + 4, answers);
        await using var manager = Before("host manager", _host.Network.Server.HostManagerUri, 0.5, seed + 5, answers);
        HostileServer[] passing = [rpc, streaming, ipfs, manager];
        _host.Options =
        [
            "--rpc", rpc.Before(_host.Network.Server.RpcUri).AbsoluteUri, "--ws", streaming.Before(_host.Network.Server.WsUri).AbsoluteUri,
            "--ipfs-api", ipfs.Before(_host.Network.Server.PinningUri).AbsoluteUri, "--ipfs-gateway", ipfs.Before(_host.Network.Server.GatewayUri).AbsoluteUri,
            "--host-manager", manager.Before(_host.Network.Server.HostManagerUri).AbsoluteUri,
        ];
        // A stranger's registry has a certificate as good as any.
        string authorities = Path.Combine(_host.Network.Directory, "authorities.pem");
        await File.WriteAllTextAsync(authorities, certificate.ExportCertificatePem(), Token);
        _host.Environment = new Dictionary<string, string> { ["SSL_CERT_FILE"] = authorities };
        await _host.StartAsync();
        foreach (HostileServer server in passing) server.EndTruce();

        var course = new JobCourse(_host.Network, new HostileJobs(seed, $"http://{Internet}:{StoragePort}", $"{Internet}:{RegistryPort}"));
        long began = Stopwatch.GetTimestamp();
        while (course.Ended < jobs && (Stopwatch.GetElapsedTime(began) < time || course.Open > 0))
        {
            if (course.Open < Ahead && course.Posted < jobs && Stopwatch.GetElapsedTime(began) < time) await course.PostAsync(Timeout);
            await course.LookAsync();
            course.NotePeak(Memory("VmHWM"));
            Assert.True(course.LongestHold < TimeSpan.FromSeconds(Timeout + Grace), $"A job has held the host for {course.LongestHold}: {course.Holding}.\n{_host.Process.Text}");
            Assert.False(_host.Process.HasExited, $"The agent has ended:\n{_host.Process.Text}");
            await Task.Delay(Pause, Token);
        }
        foreach (HostileServer server in passing) server.MakeTruce();
        // After all of it, it is as good as new.
        PublicKey last = await _host.Network.PostAsync(Definitions.Shell("echo still here"));
        (JobAccount account, _) = await _host.CompletedAsync(last);
        Assert.Equal(JobState.Done, account.State);

        long peak = Memory("VmHWM"), written = Written();
        (string Address, int Port)[] reached = [.. await tap.ReadAsync()];
        Report(seed, course, [storage, registry, .. passing], peak, written, reached);
        Assert.True(peak <= PeakBytes, $"The agent's peak was {peak >> 20} MiB.");
        Assert.DoesNotContain(reached, one => one.Address is Metadata or Lan or LanStandIn.OwnAddress || one.Port == secretPort);
        Assert.DoesNotContain('\u001b', _host.Process.Text);
    }

    private static X509Certificate2 CertificateFor(string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hostile", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static HostileServer Before(string name, Uri honest, double honesty, int seed, HostileAnswers answers) =>
        new(name, HostileServer.ListenOnLoopback(), seed, answers, honest, honesty);

    private void Report(int seed, JobCourse course, HostileServer[] servers, long peak, long written, (string Address, int Port)[] reached)
    {
        var report = new StringBuilder();
        report.Append(CultureInfo.InvariantCulture, $"seed {seed}, {course.Ended} jobs: {course.Kinds}\n");
        foreach (HostileServer server in servers)
            report.Append(CultureInfo.InvariantCulture, $"  {server.Name}: {server.Given.Values.Sum()} answers ({string.Join(", ", server.Given.OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} {kind.Value}"))})\n");
        report.Append(CultureInfo.InvariantCulture, $"  longest hold {course.LongestEver.TotalSeconds:0.0} s of {Timeout}, agent's peak {peak >> 20} MiB ({course.Rises}), written {written >> 20} MiB\n");
        report.Append(CultureInfo.InvariantCulture, $"  connected to: {string.Join(", ", reached.GroupBy(one => one.Address).OrderBy(group => group.Key).Select(group => $"{group.Key} ({group.Count()} ports)"))}\n");
        TestContext.Current.TestOutputHelper?.Write(report.ToString());
    }

    private long Memory(string field) => FieldOf($"/proc/{_host.Process.Id}/status", field) * 1024;

    private long Written() => FieldOf($"/proc/{_host.Process.Id}/io", "write_bytes");

    private static long FieldOf(string file, string name) =>
        long.Parse(File.ReadLines(file).Single(line => line.StartsWith(name + ':', StringComparison.Ordinal))[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>The jobs that were posted, and how long each holds the host.</summary>
    private sealed class JobCourse(MarketNetwork network, HostileJobs jobs)
    {
        private readonly Dictionary<PublicKey, (string Kind, long? Since)> _open = [];
        private const long RiseBytes = 16 << 20;

        private readonly List<string> _rises = [];
        private long _peak;
        private readonly SortedDictionary<string, int> _kinds = new(StringComparer.Ordinal);

        public int Posted { get; private set; }

        public int Ended { get; private set; }

        public int Open => _open.Count;

        public TimeSpan LongestEver { get; private set; }

        public string Holding => string.Join(", ", _open.Values.Where(job => job.Since is not null).Select(job => job.Kind));

        public string Kinds => string.Join(", ", _kinds.Select(kind => $"{kind.Key} {kind.Value}"));

        /// <summary>How long the job that runs has been running.</summary>
        public TimeSpan LongestHold => _open.Values.Select(job => job.Since is { } since ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero).DefaultIfEmpty().Max();

        /// <summary>What ran whenever the agent's peak grew by some more.</summary>
        public string Rises => string.Join(", ", _rises);

        public void NotePeak(long bytes)
        {
            if (bytes < _peak + RiseBytes) return;
            _peak = bytes;
            _rises.Add(string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} at {(Holding.Length == 0 ? "nothing" : Holding)}"));
        }

        public async Task PostAsync(int timeout)
        {
            (string kind, string definition) = jobs.Next();
            _open[await network.PostAsync(definition, timeout)] = (kind, null);
            Posted++;
        }

        public async Task LookAsync()
        {
            foreach ((PublicKey job, (string kind, long? since)) in _open.ToArray())
            {
                if (network.IsSettled(job) || network.Find(job) is null)
                {
                    _open.Remove(job);
                    Ended++;
                    _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
                    if (since is { } began && Stopwatch.GetElapsedTime(began) is var took && took > LongestEver) LongestEver = took;
                }
                else if (since is null && await network.FindRunAsync(job) is not null)
                {
                    _open[job] = (kind, Stopwatch.GetTimestamp());
                }
            }
        }
    }
}
