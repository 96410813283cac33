namespace Nosana.Ipfs.Http;

/// <summary>A service as it may be named: its path or query may hold a customer's key.</summary>
internal static class SiteName
{
    public static string Of(Uri service) => $"{service.Scheme}://{service.Authority}";
}
