using System.Text.Json.Serialization;

namespace Nosana.Deployments.Model;

/// <summary>What is known of a job of a deployment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobState>))]
public enum JobState
{
    /// <summary>Written down to be listed; the chain has not shown it yet.</summary>
    [JsonStringEnumMemberName("PENDING")]
    Pending,

    /// <summary>On the market, without a host.</summary>
    [JsonStringEnumMemberName("QUEUED")]
    Queued,

    [JsonStringEnumMemberName("RUNNING")]
    Running,

    [JsonStringEnumMemberName("COMPLETED")]
    Completed,

    [JsonStringEnumMemberName("STOPPED")]
    Stopped,
}

/// <summary>Why a job ended: the two states of the chain do not tell.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndReason>))]
public enum EndReason
{
    /// <summary>Its host finished it.</summary>
    [JsonStringEnumMemberName("finished")]
    Finished,

    /// <summary>Its host gave it back; the deposit is to be recovered.</summary>
    [JsonStringEnumMemberName("quit")]
    Quit,

    /// <summary>This manager ended it.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended,

    /// <summary>Taken off the market before any host had it.</summary>
    [JsonStringEnumMemberName("delisted")]
    Delisted,
}
