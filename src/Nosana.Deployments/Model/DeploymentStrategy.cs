using System.Text.Json.Serialization;

namespace Nosana.Deployments.Model;

/// <summary>When jobs are listed, extended and replaced. It never changes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeploymentStrategy>))]
public enum DeploymentStrategy
{
    /// <summary>Each replica once, for the timeout at most.</summary>
    [JsonStringEnumMemberName("SIMPLE")]
    Simple,

    /// <summary>Each replica once, extended by the timeout again and again until it ends by itself.</summary>
    [JsonStringEnumMemberName("SIMPLE-EXTEND")]
    SimpleExtend,

    /// <summary>All replicas at each tick of a schedule.</summary>
    [JsonStringEnumMemberName("SCHEDULED")]
    Scheduled,

    /// <summary>As many as replicas, always: one that ends, or is about to, is replaced.</summary>
    [JsonStringEnumMemberName("INFINITE")]
    Infinite,
}
