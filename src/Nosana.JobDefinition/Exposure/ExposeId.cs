using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SimpleBase;

namespace Nosana.JobDefinition.Exposure;

/// <summary>
/// The names under which ports of a job are reached: base58 (Bitcoin alphabet) of a SHA-512, cut to a length.
/// Clients derive the same names, so the recipe is fixed by the network.
/// </summary>
public static class ExposeId
{
    private const int PublicLength = 44;
    private const int LongLength = 45;

    /// <summary>First <paramref name="length"/> characters of base58(SHA-512(UTF-8 of <paramref name="text"/>)).</summary>
    public static string Hash(string text, int length = PublicLength)
    {
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        SHA512.HashData(Encoding.UTF8.GetBytes(text), digest);
        return Base58.Bitcoin.Encode(digest)[..length];
    }

    /// <summary>Name of one port of a public operation.</summary>
    /// <param name="opIndex">Position in <c>ops</c>, counting every type.</param>
    /// <param name="port">The port.</param>
    /// <param name="job">Job address (or local flow id).</param>
    public static string ForPort(int opIndex, int port, string job) =>
        ForPort(opIndex, port.ToString(CultureInfo.InvariantCulture), job);

    /// <summary>Name of a port given as text, such as a range <c>8000-8010</c>.</summary>
    public static string ForPort(int opIndex, string port, string job) =>
        Hash(string.Create(CultureInfo.InvariantCulture, $"{opIndex}:{port}:{job}"));

    /// <summary>Name of a port of a private operation: random, another one at each call.</summary>
    public static string ForPrivatePort() =>
        Hash(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(LongLength)), LongLength);

    /// <summary>The deployment's hash, from which its operations' names are derived.</summary>
    public static string DeploymentHash(string deploymentId, string project) => Hash($"{deploymentId}:{project}", LongLength);

    /// <summary>The deployment's hash in a local run, where no project exists.</summary>
    public static string LocalDeploymentHash(string deploymentId, string wallet) => Hash($"local-{deploymentId}:{wallet}", LongLength);

    /// <summary>The name that users of a deployment are shown for an operation: that of its only port, or of its first.</summary>
    public static string ForDeployment(string opId, string deploymentHash) => Hash($"{opId}:0:{deploymentHash}");

    /// <summary>Name in its deployment of one of several ports of an operation.</summary>
    public static string ForDeployment(string opId, int port, string deploymentHash) =>
        Hash(string.Create(CultureInfo.InvariantCulture, $"{opId}:{port}:{deploymentHash}"));
}
