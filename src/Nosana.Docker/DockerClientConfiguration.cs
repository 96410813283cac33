namespace Nosana.Docker;

/// <summary>Where an engine is and how long to wait for its answers.</summary>
public sealed class DockerClientConfiguration
{
    /// <summary>Time limit of queries when none is given.</summary>
    public static readonly TimeSpan StandardTimeout = TimeSpan.FromSeconds(100);

    /// <summary>The engine's usual address on Linux.</summary>
    public static readonly Uri LocalEndpoint = new("unix:///var/run/docker.sock");

    /// <param name="endpoint"><c>unix:///path/to.sock</c>, <c>tcp://host:port</c> or <c>http://host:port</c>.</param>
    /// <param name="defaultTimeout">Limit of queries; default is <see cref="StandardTimeout"/>, <see cref="Timeout.InfiniteTimeSpan"/> is none.</param>
    /// <param name="timeProvider">Clock of the limit.</param>
    /// <exception cref="ArgumentException">The endpoint has another scheme or no path or host.</exception>
    public DockerClientConfiguration(Uri endpoint, TimeSpan defaultTimeout = default, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (defaultTimeout < TimeSpan.Zero && defaultTimeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(defaultTimeout), defaultTimeout, "A time limit is positive or Timeout.InfiniteTimeSpan.");

        Transport.EngineEndpoint.Validate(endpoint);
        EndpointBaseUri = endpoint;
        DefaultTimeout = defaultTimeout == TimeSpan.Zero ? StandardTimeout : defaultTimeout;
        TimeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>The engine at <see cref="LocalEndpoint"/>.</summary>
    public DockerClientConfiguration() : this(LocalEndpoint)
    {
    }

    public Uri EndpointBaseUri { get; }

    public TimeSpan DefaultTimeout { get; }

    public TimeProvider TimeProvider { get; }

    /// <param name="requestedApiVersion">Version that every request carries; null negotiates it.</param>
    public DockerClient CreateClient(Version? requestedApiVersion = null) => new(this, requestedApiVersion);
}
