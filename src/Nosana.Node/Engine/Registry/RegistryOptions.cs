using Nosana.Node.Retries;

namespace Nosana.Node.Engine.Registry;

/// <summary>How registries are asked.</summary>
internal sealed record RegistryOptions
{
    /// <summary>Registries that the operator named, <c>HOST[:PORT]</c>: they may lie in this host's own network, and speak without TLS.</summary>
    public IReadOnlyList<string> Named { get; init; } = [];

    /// <summary>A registry that sends nothing for this long has fallen silent.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A manifest, a configuration or a token has to be here after this long, however slowly it comes.</summary>
    public TimeSpan DocumentTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A layer that broke off is gone on with; a byte of progress is progress.</summary>
    public RetryTerms Resume { get; init; } = RetryPipelines.LayerResume;
}
