namespace Nosana.Ipfs.Http;

/// <summary>The part of the service's answer that is read.</summary>
internal sealed record PinResponse(string? IpfsHash);
