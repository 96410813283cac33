using System.Security.Cryptography;
using System.Text;
using Nosana.Node.Engine.Images.RegistryAccounts;

namespace Nosana.Node.Engine.Images;

/// <summary>
/// Names of images that are this agent's own to give. They look like names of Docker Hub, where nobody has to have them, and no job may use one.
/// </summary>
internal static class OwnNames
{
    private const string Registry = "docker.io", Prefix = "nosana-node/";

    private const int HashLength = 32;

    /// <summary>Longer paths stand in a name by its hash alone; a name may have 255 characters.</summary>
    private const int MaxPath = 180;

    /// <summary>What an image that was pulled for jobs is called on the engine, written out: one name for each reference and account.</summary>
    /// <param name="image">What a job names.</param>
    /// <param name="credentials">The job's own account; null for none.</param>
    public static string Of(ImageReference image, RegistryCredentials? credentials = null)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{image.Canonical}\0{credentials?.Fingerprint}"));
        string path = image.Path.Length > MaxPath ? "image" : image.Path;
        return $"{Registry}/{Prefix}{path}:{Convert.ToHexStringLower(hash)[..HashLength]}";
    }

    public static bool Has(ImageReference image) => image.Registry == Registry && image.Path.StartsWith(Prefix, StringComparison.Ordinal);
}
