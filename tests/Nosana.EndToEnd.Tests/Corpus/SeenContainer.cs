using System.Text;
using Docker.DotNet.Models;
using Nosana.Node.Engine;

namespace Nosana.EndToEnd.Tests.Corpus;

/// <summary>A container as this machine's kernel shows it while it runs: by its first process, not by what the engine was asked for.</summary>
/// <param name="Op">The operation it belongs to.</param>
/// <param name="Gpus">The GPUs it was given.</param>
/// <param name="Files">Contents in each of its mounts, by the mount's target and the path from there.</param>
/// <param name="Writable">Targets of the mounts that it may write to.</param>
internal sealed record SeenContainer(string Op, string? Gpus, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Files, IReadOnlyList<string> Writable)
{
    private const string GpuVariable = "NVIDIA_VISIBLE_DEVICES=", OwnVariable = "NOSANA_ID=";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="container">A service, which runs until it is stopped.</param>
    /// <param name="cancellationToken">Ends the wait for its first process.</param>
    public static async Task<SeenContainer> OfAsync(ContainerInspectResponse container, CancellationToken cancellationToken)
    {
        string process = $"/proc/{container.State!.Pid}";
        string[] environment;
        // For a moment it is the runtime's process still.
        while (!(environment = await EnvironmentAsync(process, cancellationToken)).Any(variable => variable.StartsWith(OwnVariable, StringComparison.Ordinal))) await Task.Delay(Pause, cancellationToken);
        return new SeenContainer(
            container.Config!.Labels[EngineLabels.Op],
            environment.LastOrDefault(variable => variable.StartsWith(GpuVariable, StringComparison.Ordinal))?[GpuVariable.Length..],
            container.Mounts!.ToDictionary(mount => mount.Destination, mount => (IReadOnlyDictionary<string, string>)FilesOf($"{process}/root{mount.Destination}")),
            [.. container.Mounts!.Where(mount => mount.RW).Select(mount => mount.Destination)]);
    }

    private static async Task<string[]> EnvironmentAsync(string process, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await File.ReadAllBytesAsync($"{process}/environ", cancellationToken)).Split('\0');

    private static Dictionary<string, string> FilesOf(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(directory, file), File.ReadAllText);
}
