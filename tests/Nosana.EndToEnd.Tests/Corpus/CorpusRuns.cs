using Nosana.Docker;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Corpus;

/// <summary><c>run</c> of every file that is expected to run or to be refused, several at once: most of their time is waiting.</summary>
public sealed class CorpusRuns : IAsyncLifetime
{
    private const int AtOnce = 6;

    // For a machine that is busy with other things; four times ten seconds is the longest that one of them takes by itself.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly TestEngine _engine = new();
    private readonly SemaphoreSlim _turns = new(AtOnce);
    private readonly string _home = Directory.CreateTempSubdirectory("nosana-corpus-").FullName;
    private readonly Dictionary<string, Task<Finished>> _runs = [];

    /// <param name="Errors">Both outputs.</param>
    internal sealed record Finished(int ExitCode, string Output, string Errors);

    internal DockerClient Engine => _engine.Client;

    internal Task<Finished> OfAsync(string file) => _runs[file];

    public async ValueTask InitializeAsync()
    {
        if (RepositoryFiles.NoCorpus is not null) return;
        foreach ((string file, ExpectedRun expected) in CorpusFiles.Runnable.OrderByDescending(pair => pair.Value.Timeout ?? pair.Value.Ops.Max(op => op.Restarts) * 100))
            _runs[file] = RunAsync(file, expected.Timeout is { } seconds ? ["--timeout", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)] : []);
        // Nothing lets a refused one through.
        foreach (string file in CorpusFiles.Refused.Keys) _runs[file] = RunAsync(file, ["--no-admission"]);
        // Waited for here, one that failed says so in its own test.
        await Task.WhenAll(_runs.Values.Select(run => run.ContinueWith(static _ => { }, TaskScheduler.Default)));
    }

    public ValueTask DisposeAsync()
    {
        _turns.Dispose();
        _engine.Dispose();
        Directory.Delete(_home, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<Finished> RunAsync(string file, string[] options)
    {
        await _turns.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await using NodeProcess process = NodeProcess.Start(_home, ["run", Path.Combine(RepositoryFiles.Corpus, "public", file), "--docker", _engine.Endpoint.OriginalString, .. options]);
            int code = await process.ExitAsync(Deadline);
            return new Finished(code, process.Output, process.Text);
        }
        finally
        {
            _turns.Release();
        }
    }
}
