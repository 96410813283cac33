using System.Diagnostics;
using System.Globalization;
using Nosana.Node.Hosting;
using Nosana.Node.Journal;
using Nosana.Node.Tests.Logs;

namespace Nosana.Node.Tests.Hosting;

public sealed class StateLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Acquire_HeldAlready_NamesTheHolder()
    {
        string path = Path.Combine(_directory.Path, "new", "agent.lock");
        using StateLock held = StateLock.Acquire(path, "the state directory");
        JournalException refused = Assert.Throws<JournalException>(() => StateLock.Acquire(path, "the state directory"));
        Assert.Contains(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
        Assert.Contains("already uses the state directory", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsHeld_TellsOfTheHolderAndTakesNothing()
    {
        string path = Path.Combine(_directory.Path, "agent.lock");
        Assert.False(StateLock.IsHeld(path));
        using (StateLock.Acquire(path, "x")) Assert.True(StateLock.IsHeld(path));
        Assert.False(StateLock.IsHeld(path));
        using StateLock again = StateLock.Acquire(path, "x");
    }

    [Fact]
    public async Task Acquire_SomebodyLooksAtThatMoment_WaitsForHimToEnd()
    {
        string path = Path.Combine(_directory.Path, "agent.lock");
        File.WriteAllText(path, "");
        var looking = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Task<StateLock> taking = Task.Run(() => StateLock.Acquire(path, "x"), TestContext.Current.CancellationToken);
        await looking.DisposeAsync();
        (await taking).Dispose();
    }

    [Fact]
    public void Acquire_GivenUp_IsFreeAgain()
    {
        string path = Path.Combine(_directory.Path, "agent.lock");
        StateLock.Acquire(path, "x").Dispose();
        StateLock.Acquire(path, "x").Dispose();
    }

    [Fact]
    public async Task Acquire_HeldByAProcessThatIsKilled_IsFreeAgain()
    {
        string path = Path.Combine(_directory.Path, "agent.lock");
        File.WriteAllText(path, "");
        using Process holder = Process.Start(new ProcessStartInfo("flock", [path, "sh", "-c", "echo held; exec cat"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.Contains("pid unknown", Assert.Throws<JournalException>(() => StateLock.Acquire(path, "x")).Message, StringComparison.Ordinal);
        holder.Kill(entireProcessTree: true);
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        StateLock? taken = null;
        await Nosana.Testing.Eventually.TrueAsync(() => (taken = TryAcquire(path)) is not null, "the lock of a dead process");
        taken!.Dispose();
    }

    [Fact]
    public void Acquire_NoSuchPlace_DoesNotBlameAnotherAgent()
    {
        string file = Path.Combine(_directory.Path, "file");
        File.WriteAllText(file, "");
        JournalException refused = Assert.Throws<JournalException>(() => StateLock.Acquire(Path.Combine(file, "agent.lock"), "the state directory"));
        Assert.DoesNotContain("already uses", refused.Message, StringComparison.Ordinal);
    }

    private static StateLock? TryAcquire(string path)
    {
        try
        {
            return StateLock.Acquire(path, "x");
        }
        catch (JournalException)
        {
            return null; // the kernel has not let go yet
        }
    }
}
