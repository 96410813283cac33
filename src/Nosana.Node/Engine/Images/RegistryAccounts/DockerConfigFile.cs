using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nosana.Node.Engine.Images.RegistryAccounts;

/// <summary>
/// The operator's own registry accounts, as <c>docker login</c> leaves them in <c>config.json</c>: in the file itself, or with the helper
/// program that the file names for the registry (<c>credHelpers</c>) or for all (<c>credsStore</c>). Read anew at each look, so that a login
/// counts without a restart.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="helpers">Asks helper programs; null asks none.</param>
internal sealed class DockerConfigFile(string path, CredentialHelpers? helpers = null)
{
    private const string HubKey = "https://index.docker.io/v1/";

    /// <summary>The account for a registry; null when there is none or no file.</summary>
    /// <exception cref="EngineException">The file is there and cannot be read.</exception>
    public async Task<RegistryCredentials?> FindAsync(string registry, CancellationToken cancellationToken = default)
    {
        DockerConfig? config;
        try
        {
            await using FileStream file = File.OpenRead(path);
            config = await JsonSerializer.DeserializeAsync(file, DockerConfigJson.Default.DockerConfig, cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new EngineException(EngineFault.Other, $"The registry accounts in {path} cannot be read: {exception.Message} Correct the file, "
                + "or remove it.", exception);
        }
        if (config is null) return null;
        if (helpers is not null && HelperOf(config, registry) is { Length: > 0 } helper
            && await helpers.FindAsync(helper, registry == "docker.io" ? HubKey : registry, cancellationToken) is { } kept)
            return kept with { Server = registry };
        foreach ((string key, DockerConfigAccount account) in config.Auths ?? [])
        {
            if (HostOf(key) == registry) return Read(account, registry);
        }
        return null;
    }

    // The registry's own helper wins, as with docker.
    private static string? HelperOf(DockerConfig config, string registry)
    {
        foreach ((string key, string helper) in config.CredHelpers ?? [])
        {
            if (HostOf(key) == registry) return helper;
        }
        return config.CredsStore;
    }

    private static string HostOf(string key)
    {
        if (key == HubKey) return "docker.io";
        string host = key.Contains("://", StringComparison.Ordinal) ? key[(key.IndexOf("://", StringComparison.Ordinal) + 3)..] : key;
        host = host.Split('/')[0];
        return host == "index.docker.io" ? "docker.io" : host;
    }

    private RegistryCredentials? Read(DockerConfigAccount account, string registry)
    {
        if (account is { IdentityToken: { Length: > 0 } token, Auth: null or "" }) return new RegistryCredentials("", "", registry, token);
        if (string.IsNullOrEmpty(account.Auth))
            return account is { Username: { Length: > 0 } name, Password: { } secret } ? new RegistryCredentials(name, secret, registry) : null;
        byte[] bytes = new byte[account.Auth.Length];
        string text = Convert.TryFromBase64String(account.Auth, bytes, out int length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
        int colon = text.IndexOf(':');
        if (colon < 0)
            throw new EngineException(EngineFault.Other, $"The account for {registry} in {path} is damaged. Log in again with: docker login {registry}");
        return new RegistryCredentials(text[..colon], text[(colon + 1)..].TrimEnd('\0'), registry, account.IdentityToken);
    }
}

/// <summary>The part of <c>config.json</c> that is read.</summary>
internal sealed record DockerConfig(
    [property: JsonPropertyName("auths")] Dictionary<string, DockerConfigAccount>? Auths,
    [property: JsonPropertyName("credHelpers")] Dictionary<string, string>? CredHelpers,
    [property: JsonPropertyName("credsStore")] string? CredsStore);

/// <summary>An account in <c>config.json</c>; <c>auth</c> is base64 of <c>user:password</c>.</summary>
internal sealed record DockerConfigAccount(
    [property: JsonPropertyName("auth")] string? Auth,
    [property: JsonPropertyName("username")] string? Username,
    [property: JsonPropertyName("password")] string? Password,
    [property: JsonPropertyName("identitytoken")] string? IdentityToken);

[JsonSerializable(typeof(DockerConfig))]
internal sealed partial class DockerConfigJson : JsonSerializerContext;
