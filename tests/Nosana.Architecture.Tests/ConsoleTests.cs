namespace Nosana.Architecture.Tests;

/// <summary>What reaches the terminal goes through one place, which makes strangers' text harmless to read.</summary>
public sealed class ConsoleTests
{
    private const string Room = "src/Nosana.Node/Cli/Output/";

    [Fact]
    public void Sources_WriteToTheConsole_InOnePlaceAlone()
    {
        string[] writers = [.. Repository.Paths
            .Where(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .Where(path => File.ReadAllText(Path.Combine(Repository.Root, path)) is var text
                && (text.Contains("Console.Out", StringComparison.Ordinal) || text.Contains("Console.Error", StringComparison.Ordinal)
                    || text.Contains("Console.Write", StringComparison.Ordinal)))];
        Assert.NotEmpty(writers);
        Assert.DoesNotContain(writers, path => !path.StartsWith(Room, StringComparison.Ordinal));
    }
}
