using System.Text.Json.Serialization;

namespace Nosana.Ipfs.Http;

[JsonSerializable(typeof(PinResponse))]
internal sealed partial class PinningJson : JsonSerializerContext;
