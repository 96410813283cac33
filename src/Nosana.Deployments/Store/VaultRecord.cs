namespace Nosana.Deployments.Store;

/// <summary>Who pays: a key pair, or an API key of a service that pays.</summary>
public sealed record VaultRecord
{
    /// <summary>Its address; of an API key the owner's own.</summary>
    public required string Vault { get; init; }

    /// <summary>Encrypted.</summary>
    public required string Key { get; init; }

    public required string Owner { get; init; }

    public bool IsApiKey { get; init; }

    /// <summary>Made because its owner had none; an owner has at most one such.</summary>
    public bool IsShared { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
