using System.Collections;

namespace Nosana.Node.Hosting.Settings;

/// <summary>The process's environment. Nothing else in this program reads it; rooms below are handed what they need.</summary>
internal static class ProcessEnvironment
{
    /// <summary>Every variable.</summary>
    public static IReadOnlyDictionary<string, string> Variables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);

    /// <summary>This program's file: the one beside its libraries where something else runs it, as tests do.</summary>
    public static string Program =>
        Path.Combine(AppContext.BaseDirectory, "nosana-node") is var beside && File.Exists(beside) ? beside : Environment.ProcessPath!;

    /// <summary>
    /// What this program needs of an environment to run as a process of its own that shall know nothing of the host, and be small: where its runtime is, and
    /// how that is to behave. No diagnostics, since their socket is one to connect to.
    /// </summary>
    public static IReadOnlyDictionary<string, string> OfASmallProcess()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_GCHeapHardLimit"] = "0x8000000", // 128 MiB
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_EnableWriteXorExecute"] = "0",
        };
        string[] passed = ["DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_BUNDLE_EXTRACT_BASE_DIR", "HOME", "PATH"];
        foreach (string name in passed)
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) environment[name] = value;
        return environment;
    }

    /// <summary>Whoever runs this wants no colours (no-color.org).</summary>
    public static bool WantsNoColours => Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };

    /// <summary>systemd sets JOURNAL_STREAM for services whose output goes to the journal (systemd.exec(5)).</summary>
    public static bool WritesToTheJournal => Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };

    /// <summary>The user's own folder.</summary>
    public static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>Where <c>docker login</c> leaves registry accounts: <c>$DOCKER_CONFIG/config.json</c>, else <c>~/.docker/config.json</c>.</summary>
    public static string DockerConfigFile =>
        Path.Combine(Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } given ? given : Path.Combine(Home, ".docker"), "config.json");

    /// <summary>The directories of PATH; names relative to wherever this process happens to stand are left out.</summary>
    public static IReadOnlyList<string> SearchPath =>
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathRooted)];
}
