using Nosana.Node.Engine.Images;

namespace Nosana.Node.Engine.Registry;

/// <summary>A part of an image at a registry.</summary>
/// <param name="Digest">Of its bytes, <c>sha256:…</c>.</param>
/// <param name="Size">Bytes, as they travel.</param>
internal sealed record ImagePart(string Digest, long Size);

/// <summary>What a registry says of an image, read before any of its layers.</summary>
/// <param name="Reference">As the job names it.</param>
/// <param name="Manifest">Bytes of the manifest for this machine's platform.</param>
/// <param name="MediaType">Of the manifest.</param>
/// <param name="Digest">Of the manifest.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="ConfigContent">Bytes of it.</param>
/// <param name="Layers">In order, each once.</param>
/// <param name="Environment">Lines <c>NAME=VALUE</c> that the image sets, such as <c>NVIDIA_REQUIRE_CUDA</c>.</param>
internal sealed record RemoteImage(
    ImageReference Reference, byte[] Manifest, string MediaType, string Digest, ImagePart Config, byte[] ConfigContent,
    IReadOnlyList<ImagePart> Layers, IReadOnlyList<string> Environment)
{
    /// <summary>Where the layers are.</summary>
    public required RegistrySession Session { get; init; }

    /// <summary>Bytes of all layers as they travel; on the disk they are more.</summary>
    public long Bytes => Layers.Sum(layer => layer.Size);
}
