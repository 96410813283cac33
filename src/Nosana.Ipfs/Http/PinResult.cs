using System.Text.Json.Serialization;

namespace Nosana.Ipfs.Http;

/// <summary>What a pinning service made of a document.</summary>
/// <param name="Cid">The service's identifier; it differs where the service wrote the document anew.</param>
/// <param name="Computed">The identifier of the bytes as they were sent: the one to put on chain.</param>
public sealed record PinResult(Cid Cid, Cid Computed)
{
    /// <summary>The service stored other bytes than it was sent.</summary>
    public bool Differs => Cid != Computed;
}

/// <summary>The part of the service's answer that is read.</summary>
internal sealed record PinResponse(string? IpfsHash);

[JsonSerializable(typeof(PinResponse))]
internal sealed partial class PinningJson : JsonSerializerContext;
