using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>
/// A request for devices that a driver hands out. GPUs through the NVIDIA hook: <see cref="Capabilities"/> <c>[["gpu"]]</c> with
/// <see cref="Count"/> -1 or <see cref="DeviceIDs"/>; through CDI: <see cref="Driver"/> <c>cdi</c> and fully qualified names.
/// </summary>
public sealed class DeviceRequest
{
    public string? Driver { get; set; }

    /// <summary>How many devices; -1 is all. Not together with <see cref="DeviceIDs"/>.</summary>
    public long? Count { get; set; }

    /// <summary>Indexes, UUIDs or CDI names. The engine ignores any other spelling of this key in silence.</summary>
    [JsonPropertyName("DeviceIDs")]
    public IList<string>? DeviceIDs { get; set; }

    /// <summary>Alternatives (outer list), each a set of capabilities that must all be there (inner list).</summary>
    public IList<IList<string>>? Capabilities { get; set; }

    public IDictionary<string, string>? Options { get; set; }
}
