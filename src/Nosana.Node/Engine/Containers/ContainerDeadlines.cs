using System.Globalization;
using System.Text;
using Nosana.Node.Files;

namespace Nosana.Node.Engine.Containers;

/// <summary>
/// By when the containers of a job must have ended, a file a job in the state directory: there before its first container is, written anew when the
/// deadline moves, and gone with what the job left on the engine. Whoever looks after the machine while no agent runs reads it there.
/// </summary>
/// <param name="stateDirectory">Of the agent.</param>
internal sealed partial class ContainerDeadlines(string stateDirectory, ILogger<ContainerDeadlines> logger)
{
    private readonly string _directory = Path.Combine(stateDirectory, "deadlines");

    /// <param name="job">Value of <see cref="EngineLabels.Job"/>.</param>
    /// <param name="at">By the clock of this machine.</param>
    public void Write(string job, DateTimeOffset at)
    {
        string path = PathOf(job);
        try
        {
            PrivateFiles.CreateDirectory(_directory);
            PrivateFiles.Replace(path, Encoding.ASCII.GetBytes(at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) + "\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(job, e.Message); // the agent keeps the deadline as long as it runs
        }
    }

    public void Remove(string job)
    {
        try
        {
            File.Delete(PathOf(job));
        }
        catch (DirectoryNotFoundException)
        {
            // there has been no job yet
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(job, e.Message); // nothing of the job is left that it could end
        }
    }

    /// <summary>Every job's deadline. A file that says none is one that was damaged: it is left out.</summary>
    /// <exception cref="IOException">The directory cannot be looked into.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public IReadOnlyList<(string Job, DateTimeOffset At)> Read()
    {
        if (!Directory.Exists(_directory)) return [];
        List<(string, DateTimeOffset)> deadlines = [];
        foreach (string file in Directory.EnumerateFiles(_directory).Where(file => !file.EndsWith(PrivateFiles.Unfinished, StringComparison.Ordinal)))
        {
            string text = File.ReadAllText(file).Trim();
            if (DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at))
                deadlines.Add((Path.GetFileName(file), at));
            else LogDamaged(file);
        }
        return deadlines;
    }

    private string PathOf(string job) => Path.Combine(_directory, Path.GetFileName(job));

    [LoggerMessage(3010, LogLevel.Warning, "The deadline of job {Job} could not be written: {Problem} "
        + "Were this agent to end, nothing would end its containers")]
    private partial void LogNotWritten(string job, string problem);

    [LoggerMessage(3011, LogLevel.Warning, "The deadline of job {Job}, which has ended, could not be removed: {Problem}")]
    private partial void LogNotRemoved(string job, string problem);

    [LoggerMessage(3012, LogLevel.Warning, "{File} is no deadline")]
    private partial void LogDamaged(string file);
}
