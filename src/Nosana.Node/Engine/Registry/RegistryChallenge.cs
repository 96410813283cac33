using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Nosana.Node.Engine.Registry;

/// <summary>How a registry wants to be told who asks (<c>WWW-Authenticate</c>).</summary>
/// <param name="Realm">Where tokens are to be had; null asks for name and password at the registry itself.</param>
/// <param name="Service">Its name for itself.</param>
internal sealed partial record RegistryChallenge(Uri? Realm, string? Service)
{
    /// <summary>The one that is followed: tokens, else name and password; null when there is neither.</summary>
    public static RegistryChallenge? Read(HttpHeaderValueCollection<AuthenticationHeaderValue> headers)
    {
        foreach (AuthenticationHeaderValue header in headers.Where(header => header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)))
        {
            Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);
            foreach (Match match in Parameter().Matches(header.Parameter ?? "")) parameters.TryAdd(match.Groups[1].Value, match.Groups[2].Value);
            if (parameters.TryGetValue("realm", out string? realm) && Uri.TryCreate(realm, UriKind.Absolute, out Uri? address))
                return new RegistryChallenge(address, parameters.GetValueOrDefault("service"));
        }
        return headers.Any(header => header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)) ? new RegistryChallenge(null, null) : null;
    }

    [GeneratedRegex("([A-Za-z_]+)\\s*=\\s*\"([^\"]*)\"", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
