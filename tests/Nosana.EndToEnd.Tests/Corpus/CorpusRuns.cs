using System.Globalization;
using System.Text.RegularExpressions;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.EndToEnd.Tests.Corpus.Sources;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Corpus;

/// <summary>
/// <c>run</c> of every file of the corpus, several at once: most of their time is waiting. The engine has stand-ins of the images and of two
/// large GPUs, and the remote sources have theirs.
/// </summary>
public sealed partial class CorpusRuns : IAsyncLifetime
{
    private const int AtOnce = 6;

    // For a machine that is busy with other things; four times ten seconds is the longest that one of them takes by itself.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly TestEngine _engine = new();
    private readonly SemaphoreSlim _turns = new(AtOnce);
    private readonly string _home = Directory.CreateTempSubdirectory("nosana-corpus-").FullName;
    private readonly Dictionary<string, Task<Finished>> _runs = [];
    private FakeNvidia? _gpus;
    private RemoteSources? _sources;

    /// <param name="Errors">Both outputs.</param>
    /// <param name="Containers">Those of services, as they ran.</param>
    internal sealed record Finished(int ExitCode, string Output, string Errors, IReadOnlyList<SeenContainer> Containers);

    internal EngineClient Engine => _engine.Client;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    internal Task<Finished> OfAsync(string file) => _runs[file];

    public async ValueTask InitializeAsync()
    {
        if (RepositoryFiles.NoCorpus is not null) return;
        // What an H200 has, twice: the largest definition asks for 96 GB on one GPU.
        _gpus = FakeNvidia.Build("TOTAL_MIB=143771", "FREE_MIB=143000", "CUDA=12090");
        _sources = await RemoteSources.StartAsync();
        // The longest first, and those that nobody has to wait for last.
        foreach ((string file, ExpectedRun expected) in CorpusFiles.Runnable.OrderByDescending(pair => pair.Value.Timeout ?? pair.Value.Ops.Max(op => op.Restarts) * 100)) Start(file, expected, null);
        foreach ((string file, ExpectedRun expected) in CorpusFiles.NeedResources) Start(file, expected, null);
        foreach ((string file, ExpectedRun expected) in CorpusFiles.NeedGpu.Concat(CorpusFiles.NeedGpuAndResources)) Start(file, expected, _gpus);
        // Nothing lets a refused one through.
        foreach (string file in CorpusFiles.Refused.Keys) _runs[file] = RunAsync(file, null, ["--no-admission"], ExpectedRun.ToItsEnd());
        // Waited for here, one that failed says so in its own test.
        await Task.WhenAll(_runs.Values.Select(run => run.ContinueWith(static _ => { }, TaskScheduler.Default)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_sources is not null) await _sources.DisposeAsync();
        _gpus?.Dispose();
        _turns.Dispose();
        _engine.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    private void Start(string file, ExpectedRun expected, FakeNvidia? gpus) =>
        _runs[file] = RunAsync(file, gpus, [.. _sources!.Mirrors, .. expected.Timeout is { } seconds ? ["--timeout", seconds.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>()], expected);

    private async Task<Finished> RunAsync(string file, FakeNvidia? gpus, IReadOnlyList<string> options, ExpectedRun expected)
    {
        await _turns.WaitAsync(Token);
        try
        {
            await using NodeProcess process = NodeProcess.Start(_home, gpus, ["run", Path.Combine(RepositoryFiles.PublicDefinitions, file), "--docker", _engine.Endpoint.OriginalString, .. options]);
            List<SeenContainer> containers = [];
            if (expected.IsStopped)
            {
                try
                {
                    await SeeServicesAsync(process, expected, containers);
                }
                finally
                {
                    process.Interrupt();
                    await process.ExitAsync(Deadline);
                }
            }
            int code = await process.ExitAsync(Deadline);
            return new Finished(code, process.Output, process.Text, containers);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Waits until all of its services run.</summary>
    private async Task SeeServicesAsync(NodeProcess process, ExpectedRun expected, List<SeenContainer> containers)
    {
        HashSet<string> services = [.. expected.Ops.Where(op => op.IsStopped).Select(op => op.Id)];
        for (int next = 0; services.Count > 0;)
        {
            NodeProcess.Line line = await process.LineAsync(" started", next, Deadline);
            next = process.Lines.ToList().IndexOf(line) + 1;
            if (Started().Match(line.Text) is { Success: true } started && await FindAsync(started.Groups[1].Value) is { } container && services.Remove(container.Config!.Labels[EngineLabels.Op]))
                containers.Add(await SeenContainer.OfAsync(container, Token));
        }
    }

    /// <summary>Null when it has ended and is gone.</summary>
    private async Task<ContainerInspectResponse?> FindAsync(string container)
    {
        try
        {
            return await Engine.InspectContainerAsync(container, Token);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"Container (\w+) started", RegexOptions.CultureInvariant)]
    private static partial Regex Started();
}
