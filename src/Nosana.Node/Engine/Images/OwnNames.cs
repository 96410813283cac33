namespace Nosana.Node.Engine.Images;

/// <summary>Names of images that are this agent's own to give. They look like names of Docker Hub, where nobody has to have them, and no job may use one.</summary>
internal static class OwnNames
{
    public const string Registry = "docker.io", Prefix = "nosana-node/";

    public static bool Has(ImageReference image) => image.Registry == Registry && image.Path.StartsWith(Prefix, StringComparison.Ordinal);
}
