using Nosana.Ipfs.Http;

namespace Nosana.Node.Tests.Support;

/// <summary>A pinning service that is not there, for what pins nothing.</summary>
internal static class NoPinning
{
    public static IpfsPinningClient Client { get; } = new(new HttpClient(), new IpfsPinningOptions { Api = new Uri("http://127.0.0.1:9") });
}
