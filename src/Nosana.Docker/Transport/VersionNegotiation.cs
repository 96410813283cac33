using System.Text.Json;

namespace Nosana.Docker.Transport;

/// <summary>
/// Finds the API version that engine and client share, once for all callers. A failure is not kept: the next request asks again. An engine
/// that was replaced by an older one is noticed by its refusal.
/// </summary>
internal sealed class VersionNegotiation(EngineTransport transport, Version? requested)
{
    /// <summary>Newest version whose answers the models were written for (Docker 28).</summary>
    public static readonly Version Newest = new(1, 51);

    /// <summary>Oldest version that has what the client sends (Docker 20.10: one-shot stats, platform of a container).</summary>
    public static readonly Version Oldest = new(1, 41);

    private readonly Lock _lock = new();
    private Task<Version>? _shared = requested is null ? null : Task.FromResult(requested);

    public Task<Version> GetAsync(CancellationToken cancellationToken)
    {
        Task<Version> shared;
        lock (_lock)
        {
            if (_shared is null or { IsCompleted: true, IsCompletedSuccessfully: false }) _shared = AskAsync();
            shared = _shared;
        }
        return shared.WaitAsync(cancellationToken);
    }

    /// <summary>Forgets the version when <paramref name="error"/> says that the engine does not speak it.</summary>
    public void Reconsider(DockerApiException error)
    {
        if (requested is not null || !error.EngineMessage.Contains("client version", StringComparison.OrdinalIgnoreCase)) return;
        lock (_lock) _shared = null;
    }

    /// <summary>Runs for all that wait, so no one's cancellation ends it; the time limit of queries does.</summary>
    private async Task<Version> AskAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(transport.Base, "version"));
        using HttpResponseMessage response = await transport.ExchangeAsync(request, CancellationToken.None);
        EngineVersion answer;
        try
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync();
            answer = JsonSerializer.Deserialize(body, EngineJson.Default.EngineVersion) ?? new EngineVersion(null, null, null);
        }
        catch (JsonException e)
        {
            throw new DockerStreamException($"The engine's answer to GET /version is not what it should be: {e.Message}", e);
        }
        (string? version, string? newestText, string? oldestText) = (answer.Version, answer.ApiVersion, answer.MinAPIVersion);
        if (!Version.TryParse(newestText, out Version? newest))
            throw new DockerVersionException(
                $"The engine gives '{newestText}' as its API version: it is not a Docker Engine, or not one that this client knows.");
        if (newest < Oldest)
            throw new DockerVersionException(
                $"The engine (version {version}) speaks API {newest} at most, this client needs {Oldest}: install Docker 20.10 or later.");
        if (Version.TryParse(oldestText, out Version? oldest) && oldest > Newest)
            throw new DockerVersionException(
                $"The engine (version {version}) speaks API {oldest} at least, this client {Newest} at most: update this program.");
        return newest < Newest ? newest : Newest;
    }
}
