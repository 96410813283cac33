using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Nosana.Docker.Transport;

namespace Nosana.Docker;

/// <summary>Programs with a terminal inside of running containers. The library takes its connection over by a way that our transport has not.</summary>
public sealed partial class EngineClient
{
    public async Task<string> CreateTerminalAsync(string container, TerminalSpec spec, CancellationToken cancellationToken = default)
    {
        const string What = "a terminal that was made";
        var body = new ExecRequest(true, true, true, true, spec.Command, spec.Environment);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, EngineJson.Default.ExecRequest);
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, $"containers/{container}/exec", json, cancellationToken);
        try
        {
            ExecCreated made = JsonSerializer.Deserialize(await ReadToEndAsync(What, response, cancellationToken), EngineJson.Default.ExecCreated)
                ?? throw new JsonException("it is null.");
            RequireId(made.Id ?? "");
            return made.Id!;
        }
        catch (Exception e) when (IsOfTheAnswer(e))
        {
            throw Unreadable(What, e);
        }
    }

    public async Task<Stream> StartTerminalAsync(string terminal, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = RequestOf(
            HttpMethod.Post, $"exec/{terminal}/start", JsonSerializer.SerializeToUtf8Bytes(new ExecStart(false, true), EngineJson.Default.ExecStart));
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new ProductHeaderValue("tcp"));
        HttpResponseMessage response = await _transport.ExchangeAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols) return await response.Content.ReadAsStreamAsync(cancellationToken);
        response.Dispose();
        throw new DockerStreamException($"The engine started a terminal with status {(int)response.StatusCode} and did not hand its connection over.");
    }

    public async Task ResizeTerminalAsync(string terminal, int columns, int rows, CancellationToken cancellationToken = default)
    {
        string query = QueryOf(("h", rows.ToString(CultureInfo.InvariantCulture)), ("w", columns.ToString(CultureInfo.InvariantCulture)));
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, $"exec/{terminal}/resize", query, cancellationToken);
    }

    public async Task<TerminalState> InspectTerminalAsync(string terminal, CancellationToken cancellationToken = default)
    {
        const string What = "a terminal";
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"exec/{terminal}/json", "", cancellationToken);
        try
        {
            ExecFound found = JsonSerializer.Deserialize(await ReadToEndAsync(What, response, cancellationToken), EngineJson.Default.ExecFound)
                ?? throw new JsonException("it is null.");
            return new TerminalState(found.Running, found.Running ? null : found.ExitCode);
        }
        catch (Exception e) when (IsOfTheAnswer(e))
        {
            throw Unreadable(What, e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[] json, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = RequestOf(method, path, json);
        return await _transport.ExchangeAsync(request, cancellationToken);
    }

    private HttpRequestMessage RequestOf(HttpMethod method, string path, byte[] json) => new(method, UriOf(path, ""))
    {
        Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };
}

/// <summary>A program that gets a terminal of its own in a container, with the container's user and rights and no more.</summary>
/// <param name="Command">In exec form.</param>
/// <param name="Environment">Each <c>NAME=VALUE</c>, beside the container's own.</param>
public sealed record TerminalSpec(IReadOnlyList<string> Command, IReadOnlyList<string> Environment);

/// <param name="IsRunning">Whether the program is there.</param>
/// <param name="ExitCode">Null while it runs, and before.</param>
public sealed record TerminalState(bool IsRunning, int? ExitCode);
