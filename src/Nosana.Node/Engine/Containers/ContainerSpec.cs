using Nosana.JobDefinition.Model;

namespace Nosana.Node.Engine.Containers;

/// <summary>What a tenant's container is to be. What it may do is the <see cref="HardeningProfile"/>'s matter, and nothing here can loosen that.</summary>
internal sealed record ContainerSpec
{
    public required string Name { get; init; }

    /// <summary>Reference of the image.</summary>
    public required string Image { get; init; }

    /// <summary>The engine's id of the image, by which it is made; null takes what the reference means on the engine.</summary>
    public string? ImageId { get; init; }

    /// <summary>Command; null is the image's.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Entrypoint; null is the image's, empty removes it.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Absolute path; null is the image's.</summary>
    public string? WorkingDirectory { get; init; }

    public IReadOnlyList<VolumeMount> Mounts { get; init; } = [];

    /// <summary>The job's own network.</summary>
    public required string NetworkName { get; init; }

    /// <summary>Names by which the job's other containers reach this one.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Null is none.</summary>
    public GpuRequest? Gpus { get; init; }

    /// <summary>Null is never. The engine waits 100 ms before a start, and twice as long each time, up to a minute.</summary>
    public RestartPolicy? Restart { get; init; }

    /// <summary>See <see cref="EngineLabels"/>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>A volume of the engine in a container. There is no such thing for a directory of this machine.</summary>
/// <param name="VolumeName">Name of the volume.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="ReadOnly">Whether the container may only read it.</param>
/// <param name="NoCopy">Whether an empty volume stays empty; engines else fill it with what the image has at the target.</param>
internal sealed record VolumeMount(string VolumeName, string Target, bool ReadOnly = false, bool NoCopy = false);
