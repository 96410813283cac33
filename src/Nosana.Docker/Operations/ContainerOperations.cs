using System.Net;
using System.Text.Json;
using Nosana.Docker.Json;
using Nosana.Docker.Models;
using Nosana.Docker.Transport;

namespace Nosana.Docker.Operations;

internal sealed class ContainerOperations(EngineTransport transport) : IContainerOperations
{
    private const string PathStatHeader = "X-Docker-Container-Path-Stat";

    public Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        QueryString query = new QueryString().Add("all", parameters.All).Add("size", parameters.Size).Add("limit", parameters.Limit).AddFilters(parameters.Filters);
        return transport.GetJsonAsync<IList<ContainerListResponse>>(new EngineRequest(HttpMethod.Get, "/containers/json", query), cancellationToken);
    }

    public Task<CreateContainerResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        QueryString query = new QueryString().Add("name", parameters.Name).Add("platform", parameters.Platform);
        return transport.GetJsonAsync<CreateContainerResponse>(
            new EngineRequest(HttpMethod.Post, "/containers/create", query) { Content = RequestBody.Of(parameters) }, cancellationToken);
    }

    public Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken) =>
        transport.GetJsonAsync<ContainerInspectResponse>(Request(HttpMethod.Get, id, "/json"), cancellationToken);

    public async Task<bool> StartContainerAsync(string id, ContainerStartParameters? parameters, CancellationToken cancellationToken)
    {
        QueryString query = new QueryString().Add("detachKeys", parameters?.DetachKeys);
        return await transport.SendAsync(Request(HttpMethod.Post, id, "/start", query), cancellationToken) != HttpStatusCode.NotModified;
    }

    public async Task<bool> StopContainerAsync(string id, ContainerStopParameters? parameters, CancellationToken cancellationToken)
    {
        QueryString query = new QueryString().Add("t", parameters?.WaitBeforeKillSeconds).Add("signal", parameters?.Signal);
        using HttpResponseMessage response = await transport.OpenAsync(Request(HttpMethod.Post, id, "/stop", query), cancellationToken);
        return response.StatusCode != HttpStatusCode.NotModified;
    }

    public async Task RestartContainerAsync(string id, ContainerRestartParameters? parameters, CancellationToken cancellationToken)
    {
        QueryString query = new QueryString().Add("t", parameters?.WaitBeforeKillSeconds);
        using HttpResponseMessage response = await transport.OpenAsync(Request(HttpMethod.Post, id, "/restart", query), cancellationToken);
    }

    public Task KillContainerAsync(string id, ContainerKillParameters? parameters, CancellationToken cancellationToken) =>
        transport.SendAsync(Request(HttpMethod.Post, id, "/kill", new QueryString().Add("signal", parameters?.Signal)), cancellationToken);

    public Task RemoveContainerAsync(string id, ContainerRemoveParameters? parameters, CancellationToken cancellationToken)
    {
        QueryString query = new QueryString()
            .Add("force", parameters?.Force ?? false).Add("v", parameters?.RemoveVolumes ?? false).Add("link", parameters?.RemoveLinks ?? false);
        return transport.SendAsync(Request(HttpMethod.Delete, id, "", query), cancellationToken);
    }

    public Task<ContainerWaitResponse> WaitContainerAsync(string id, WaitCondition condition, CancellationToken cancellationToken)
    {
        string name = condition switch
        {
            WaitCondition.NextExit => "next-exit",
            WaitCondition.Removed => "removed",
            _ => "not-running",
        };
        return transport.AwaitJsonAsync<ContainerWaitResponse>(Request(HttpMethod.Post, id, "/wait", new QueryString().Add("condition", name)), cancellationToken);
    }

    public async Task<MultiplexedStream> GetContainerLogsAsync(string id, bool tty, ContainerLogsParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        QueryString query = new QueryString()
            .Add("stdout", parameters.ShowStdout).Add("stderr", parameters.ShowStderr).Add("follow", parameters.Follow)
            .Add("since", parameters.Since).Add("until", parameters.Until).Add("timestamps", parameters.Timestamps)
            .Add("tail", parameters.Tail).Add("details", parameters.Details);
        Stream stream = await ResponseStream.OpenAsync(transport, Request(HttpMethod.Get, id, "/logs", query) with { IsOutput = true }, cancellationToken);
        return new MultiplexedStream(stream, multiplexed: !tty);
    }

    public Task<ContainerUpdateResponse> UpdateContainerAsync(string id, ContainerUpdateParameters parameters, CancellationToken cancellationToken) =>
        transport.GetJsonAsync<ContainerUpdateResponse>(Request(HttpMethod.Post, id, "/update") with { Content = RequestBody.Of(parameters) }, cancellationToken);

    public Task<ContainerStatsResponse> GetContainerStatsAsync(string id, CancellationToken cancellationToken) =>
        transport.GetJsonAsync<ContainerStatsResponse>(
            Request(HttpMethod.Get, id, "/stats", new QueryString().Add("stream", "false").Add("one-shot", "true")), cancellationToken);

    public async Task<GetArchiveFromContainerResponse> GetArchiveFromContainerAsync(
        string id, GetArchiveFromContainerParameters parameters, bool statOnly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        EngineRequest request = new(statOnly ? HttpMethod.Head : HttpMethod.Get, EnginePath.Of("containers", id, "/archive"), new QueryString().Add("path", parameters.Path));
        if (statOnly) return await transport.SendAsync(request, response => new GetArchiveFromContainerResponse { Stat = StatOf(response) }, cancellationToken);

        HttpResponseMessage response = await transport.OpenAsync(request, cancellationToken);
        return new GetArchiveFromContainerResponse { Stat = StatOf(response), Stream = await ResponseStream.OfAsync(response, cancellationToken) };
    }

    public async Task ExtractArchiveToContainerAsync(string id, CopyToContainerParameters parameters, Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        QueryString query = new QueryString().Add("path", parameters.Path).Add("noOverwriteDirNonDir", parameters.NoOverwriteDirNonDir);
        var request = new EngineRequest(HttpMethod.Put, EnginePath.Of("containers", id, "/archive"), query) { Content = RequestBody.Tar(stream) };
        using HttpResponseMessage response = await transport.OpenAsync(request, cancellationToken);
    }

    private static EngineRequest Request(HttpMethod method, string id, string suffix, QueryString? query = null) =>
        new(method, EnginePath.Of("containers", id, suffix), query) { Resource = EngineResource.Container };

    private static ContainerPathStatResponse StatOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(PathStatHeader, out IEnumerable<string>? values)
            ? JsonSerializer.Deserialize(Convert.FromBase64String(values.First()), DockerJson.Of<ContainerPathStatResponse>()) ?? new()
            : new();
}
