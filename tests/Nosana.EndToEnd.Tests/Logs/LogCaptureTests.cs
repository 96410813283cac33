using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.EndToEnd.Tests.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Logs;

namespace Nosana.EndToEnd.Tests.Logs;

public sealed class LogCaptureTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nosana-logs-").FullName;
    private TenantEngine _engine = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engine = await TenantEngine.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task RunAsync_TwoHundredThousandLines_LosesNone()
    {
        const int Lines = 200_000;
        string job = await _engine.NewJobAsync();
        string id = await _engine.StartAsync(TenantEngine.Spec(job, "seq", "1", Lines.ToString(CultureInfo.InvariantCulture)));
        using var store = new LogStore(_directory, new LogOptions());
        OpLog log = store.OpenOrCreate(job, "op");
        await Capture(log, id).RunAsync(_engine.Runtime.WaitAsync(id, Token), cancellationToken: Token);
        string expected = Digest(Enumerable.Range(1, Lines));
        Assert.Equal((Lines, expected), (log.Totals.Lines, log.Totals.Sha256));
        ResultLogs result = log.ResultView();
        Assert.Equal(Lines, result.Entries.Count(entry => entry.Stream == LogStream.Stdout) + result.Dropped!.Lines);
        Assert.Equal(expected, result.Dropped.Sha256);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (LogEntry entry in log.ReadAll()) hash.AppendData(entry.Bytes.Span);
        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public async Task RunAsync_RotatingEngineLog_LosesNone()
    {
        const int Lines = 200_000;
        string job = await _engine.NewJobAsync();
        var profile = new HardeningProfile { LogBytes = 40L << 20, LogFiles = 20 };
        string id = await _engine.StartAsync(TenantEngine.Spec(job, "seq", "1", Lines.ToString(CultureInfo.InvariantCulture)), profile);
        using var store = new LogStore(_directory, new LogOptions());
        OpLog log = store.OpenOrCreate(job, "op");
        await Capture(log, id, profile.LogFileBytes).RunAsync(_engine.Runtime.WaitAsync(id, Token), cancellationToken: Token);
        Assert.Equal((Lines, Digest(Enumerable.Range(1, Lines))), (log.Totals.Lines, log.Totals.Sha256));
    }

    [Fact]
    public async Task RunAsync_LeftAndTakenUpInTheMiddle_LosesAndRepeatsNothing()
    {
        const int Lines = 60_000;
        string job = await _engine.NewJobAsync();
        // Lines in bursts, so that there is a middle, and on both streams.
        string id = await _engine.StartAsync(TenantEngine.Shell(job, $"i=0; while [ $i -lt {Lines} ]; do i=$((i+1)); echo out $i; echo err $i >&2; done"));
        Task<ContainerSnapshot> exit = _engine.Runtime.WaitAsync(id, Token);
        int left = 0;
        while (!exit.IsCompleted)
        {
            using var store = new LogStore(_directory, new LogOptions());
            OpLog log = store.OpenOrCreate(job, "op");
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
            using LogSubscription subscription = log.Subscribe();
            await using IAsyncEnumerator<LogEntry> live = subscription.ReadAllAsync(Token).GetAsyncEnumerator(Token);
            Task<int> capture = Capture(log, id).RunAsync(exit, cancellationToken: leave.Token);
            for (int i = 0; i < 5_000 && await live.MoveNextAsync(); i++)
            {
                if (capture.IsCompleted) break;
            }
            await leave.CancelAsync();
            await Record.ExceptionAsync(() => capture);
            left++;
            if (left == 8) break;
        }
        Assert.True(left > 1);
        using var last = new LogStore(_directory, new LogOptions());
        OpLog whole = last.OpenOrCreate(job, "op");
        await Capture(whole, id).RunAsync(exit, cancellationToken: Token);
        foreach ((LogStream stream, string name) in ((LogStream, string)[])[(LogStream.Stdout, "out"), (LogStream.Stderr, "err")])
        {
            Assert.Equal(
                Enumerable.Range(1, Lines).Select(i => $"{name} {i}\n"),
                whole.ReadAll().Where(entry => entry.Stream == stream).Select(entry => entry.Text));
        }
        Assert.DoesNotContain(whole.ReadAll(), entry => entry.Stream == LogStream.NodeError);
    }

    [Fact]
    public async Task RunAsync_LongLineAndEndWithoutNewline_AreOneEntryEach()
    {
        string job = await _engine.NewJobAsync();
        string id = await _engine.StartAsync(TenantEngine.Shell(job, "head -c 100000 /dev/zero | tr '\\0' x; echo; printf end"));
        using var store = new LogStore(_directory, new LogOptions());
        OpLog log = store.OpenOrCreate(job, "op");
        await Capture(log, id).RunAsync(_engine.Runtime.WaitAsync(id, Token), cancellationToken: Token);
        Assert.Equal([new string('x', 100_000) + "\n", "end"], log.ReadAll().Select(entry => entry.Text));
    }

    [Fact]
    public async Task RunAsync_RestartPolicy_HasTheOutputOfEveryRun()
    {
        string job = await _engine.NewJobAsync();
        string id = await _engine.StartAsync(TenantEngine.Shell(job, "printf 'no newline'; exit 1") with { Restart = new Nosana.JobDefinition.Model.RestartPolicy(Nosana.JobDefinition.Model.RestartPolicyKind.OnFailure, 2) });
        using var store = new LogStore(_directory, new LogOptions());
        OpLog log = store.OpenOrCreate(job, "op");
        await Capture(log, id).RunAsync(_engine.Runtime.WaitAsync(id, Token), Token);
        Assert.Equal(["no newline", "no newline", "no newline"], log.ReadAll().Select(entry => entry.Text));
    }

    [Fact]
    public async Task RunAsync_SilentCommand_EndsWithNothing()
    {
        string job = await _engine.NewJobAsync();
        string id = await _engine.StartAsync(TenantEngine.Spec(job, "true"));
        using var store = new LogStore(_directory, new LogOptions());
        OpLog log = store.OpenOrCreate(job, "op");
        await Capture(log, id).RunAsync(_engine.Runtime.WaitAsync(id, Token), cancellationToken: Token);
        Assert.Equal(0, log.Totals.Entries);
    }

    private LogCapture Capture(OpLog log, string id, long? rotationBytes = null) =>
        new(log, (request, token) => _engine.Runtime.OpenLogsAsync(id, request.Since, request.Follow, request.Tail, token), rotationBytes ?? new HardeningProfile().LogFileBytes, NullLogger<LogCapture>.Instance);

    private static string Digest(IEnumerable<int> numbers)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (int number in numbers) hash.AppendData(Encoding.UTF8.GetBytes($"{number}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
