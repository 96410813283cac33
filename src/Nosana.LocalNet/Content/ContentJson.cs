using System.Text.Json.Serialization;

namespace Nosana.LocalNet.Content;

/// <summary>The pinning service's answer. <c>PinSize</c> in bytes, <c>Timestamp</c> in ISO 8601.</summary>
internal sealed record PinAnswer(string IpfsHash, long PinSize, DateTimeOffset Timestamp);

/// <summary>Why a request was refused.</summary>
internal sealed record RefusalAnswer([property: JsonPropertyName("error")] string Error);

/// <summary>The credential was taken.</summary>
internal sealed record CredentialAnswer([property: JsonPropertyName("message")] string Message);

[JsonSerializable(typeof(PinAnswer))]
[JsonSerializable(typeof(CredentialAnswer))]
[JsonSerializable(typeof(RefusalAnswer))]
internal sealed partial class ContentJson : JsonSerializerContext;
