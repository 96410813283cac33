using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Journal;
using Nosana.Node.Logs;
using Nosana.Node.Operations;
using Nosana.Node.Tests.Logs;

namespace Nosana.Node.Tests.Support;

/// <summary>A state directory and its keeper.</summary>
internal sealed class StateBench : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ResourceBench _resources;

    public StateBench(FakeEngine engine, JournalStore journal, TimeProvider time)
    {
        Logs = new LogStore(Path.Combine(_directory.Path, "logs"), LogOptions, time);
        _resources = new ResourceBench(engine, journal, Path.Combine(_directory.Path, "downloads"), time);
        Keeper = new StateKeeper(
            _directory.Path, Logs, LogOptions, _resources.Store, _resources.Options, journal, time, NullLogger<StateKeeper>.Instance, _ => FreeBytes());
    }

    public LogOptions LogOptions { get; } = new() { StoreBudgetBytes = 100_000 };

    public LogStore Logs { get; }

    public StateKeeper Keeper { get; }

    /// <summary>Where unfinished downloads lie, each in a directory of its own.</summary>
    public string Downloads => _resources.Options.StagingDirectory;

    /// <summary>What is left on the disk.</summary>
    public Func<long> FreeBytes { get; set; } = () => 100L << 30;

    /// <summary>Whether output of the job is on disk.</summary>
    public bool HasLogs(string job) => Directory.Exists(Path.Combine(_directory.Path, "logs", job));

    /// <summary>A job that has ended, with so much output.</summary>
    public void Print(string job, int bytes, DateTime written)
    {
        Logs.OpenOrCreate(job, "op").Append(LogStream.Stdout, 1, new byte[bytes]);
        Logs.Close(job);
        Age(Path.Combine(_directory.Path, "logs", job), written);
    }

    /// <summary>A download that nobody goes on with.</summary>
    public void Download(string name, int bytes, DateTime written)
    {
        string directory = Directory.CreateDirectory(Path.Combine(Downloads, name)).FullName;
        File.WriteAllBytes(Path.Combine(directory, "part"), new byte[bytes]);
        Age(directory, written);
    }

    public void Dispose()
    {
        Keeper.Dispose();
        _resources.Dispose();
        Logs.Dispose();
        _directory.Dispose();
    }

    private static void Age(string directory, DateTime written)
    {
        foreach (string file in Directory.GetFiles(directory, "*", SearchOption.AllDirectories)) File.SetLastWriteTimeUtc(file, written);
        foreach (string below in Directory.GetDirectories(directory, "*", SearchOption.AllDirectories)) Directory.SetLastWriteTimeUtc(below, written);
        Directory.SetLastWriteTimeUtc(directory, written);
    }
}
