namespace Nosana.Architecture.Tests;

/// <summary>The process's environment is read in one room: whatever is set there has its place in the table of settings, or beside it.</summary>
public sealed class EnvironmentTests
{
    private const string Room = "src/Nosana.Node/Hosting/Settings/";

    [Fact]
    public void Sources_ReadTheEnvironment_InTheRoomOfSettingsAlone()
    {
        string[] readers = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("Environment.GetEnvironmentVariable", StringComparison.Ordinal))
            .Select(Repository.Relative)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))];
        Assert.NotEmpty(readers);
        Assert.DoesNotContain(readers, file => !file.StartsWith(Room, StringComparison.Ordinal));
    }
}
