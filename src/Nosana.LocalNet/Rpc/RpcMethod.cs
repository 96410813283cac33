using System.Text.Json;

namespace Nosana.LocalNet.Rpc;

/// <summary>Serves one method: writes the <c>result</c> value, or throws <see cref="RpcError"/>.</summary>
internal delegate void RpcMethod(RpcParameters parameters, Utf8JsonWriter writer);
