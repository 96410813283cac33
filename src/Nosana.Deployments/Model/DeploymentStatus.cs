using System.Text.Json.Serialization;

namespace Nosana.Deployments.Model;

/// <summary>What a deployment does. The words on the wire are the network's.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeploymentStatus>))]
public enum DeploymentStatus
{
    /// <summary>Made, and never started.</summary>
    [JsonStringEnumMemberName("DRAFT")]
    Draft,

    /// <summary>Started; its first jobs, or the first tick of its schedule, are being worked out.</summary>
    [JsonStringEnumMemberName("STARTING")]
    Starting,

    /// <summary>It is kept as it is wished, which may be without any job: at replicas 0, or between two ticks.</summary>
    [JsonStringEnumMemberName("RUNNING")]
    Running,

    /// <summary>Its jobs are being ended.</summary>
    [JsonStringEnumMemberName("STOPPING")]
    Stopping,

    /// <summary>No job is left. It can be started again.</summary>
    [JsonStringEnumMemberName("STOPPED")]
    Stopped,

    /// <summary>Given up, for the reason that its events name.</summary>
    [JsonStringEnumMemberName("ERROR")]
    Error,

    /// <summary>The vault cannot pay for what is next. It goes on by itself when it can.</summary>
    [JsonStringEnumMemberName("INSUFFICIENT_FUNDS")]
    InsufficientFunds,

    /// <summary>Over for good; to be read only.</summary>
    [JsonStringEnumMemberName("ARCHIVED")]
    Archived,
}
