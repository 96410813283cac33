namespace Nosana.Node.Engine.Containers;

/// <summary>A volume of the engine in a container. There is no such thing for a directory of this machine.</summary>
/// <param name="VolumeName">Name of the volume.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="ReadOnly">Whether the container may only read it.</param>
/// <param name="NoCopy">Whether an empty volume stays empty; engines else fill it with what the image has at the target.</param>
internal sealed record VolumeMount(string VolumeName, string Target, bool ReadOnly = false, bool NoCopy = false);
