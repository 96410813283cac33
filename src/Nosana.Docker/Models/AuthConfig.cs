using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Credentials of a registry, sent as the base64url JSON of the header X-Registry-Auth.</summary>
public sealed class AuthConfig
{
    [JsonPropertyName("username")]
    public string? Username { get; set; }

    [JsonPropertyName("password")]
    public string? Password { get; set; }

    [JsonPropertyName("auth")]
    public string? Auth { get; set; }

    [JsonPropertyName("email")]
    public string? Email { get; set; }

    /// <summary>Host of the registry, for example <c>ghcr.io</c>.</summary>
    [JsonPropertyName("serveraddress")]
    public string? ServerAddress { get; set; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; set; }

    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; set; }

    /// <summary>Names the account and never the secret.</summary>
    public override string ToString() => $"{Username ?? "token"}@{ServerAddress ?? "docker.io"}";
}
