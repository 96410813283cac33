using Nosana.Node.Engine.Images.RegistryAccounts;

namespace Nosana.Node.Engine.Registry;

/// <summary>A registry that is asked for an image.</summary>
/// <param name="Host">With its port, if it is not the scheme's.</param>
/// <param name="IsNamed">The operator named it: where it is, and where it leads, may be in this host's own network.</param>
/// <param name="Schemes">In the order in which they are tried.</param>
/// <param name="Account">For this registry alone; null for none.</param>
internal sealed record RegistryPlace(string Host, bool IsNamed, IReadOnlyList<string> Schemes, RegistryCredentials? Account)
{
    public const string Https = "https", Http = "http";
}
