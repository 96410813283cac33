using System.Security.Cryptography;
using System.Text;

namespace Nosana.Node.Engine.Images.RegistryAccounts;

/// <summary>An account at a registry. Never written to a log.</summary>
/// <param name="Username">May be empty when <see cref="IdentityToken"/> is given.</param>
/// <param name="Password">Password or access token.</param>
/// <param name="Server">Host of the registry; null is the image's.</param>
/// <param name="IdentityToken">Token that some registries give at login instead of keeping the password.</param>
internal sealed record RegistryCredentials(string Username, string Password, string? Server = null, string? IdentityToken = null)
{
    /// <summary>Names the account and never the secret.</summary>
    public override string ToString() => $"{(Username.Length == 0 ? "token" : Username)}@{Server ?? "the image's registry"}";

    /// <summary>Tells credentials apart without holding them.</summary>
    internal string Fingerprint => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Username, Password, Server ?? "", IdentityToken ?? ""))));
}
