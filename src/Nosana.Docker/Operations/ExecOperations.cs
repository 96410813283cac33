using Nosana.Docker.Models;
using Nosana.Docker.Transport;

namespace Nosana.Docker.Operations;

internal sealed class ExecOperations(EngineTransport transport) : IExecOperations
{
    public Task<ContainerExecCreateResponse> ExecCreateContainerAsync(string id, ContainerExecCreateParameters parameters, CancellationToken cancellationToken)
    {
        var request = new EngineRequest(HttpMethod.Post, EnginePath.Of("containers", id, "/exec")) { Content = RequestBody.Of(parameters), Resource = EngineResource.Container };
        return transport.GetJsonAsync<ContainerExecCreateResponse>(request, cancellationToken);
    }

    public async Task<MultiplexedStream> StartAndAttachContainerExecAsync(string id, bool tty, CancellationToken cancellationToken)
    {
        Stream stream = await ResponseStream.OpenAsync(transport, StartRequest(id, new ContainerExecStartParameters { Tty = tty }), cancellationToken);
        return new MultiplexedStream(stream, multiplexed: !tty);
    }

    public Task StartContainerExecAsync(string id, CancellationToken cancellationToken) =>
        transport.SendAsync(StartRequest(id, new ContainerExecStartParameters { Detach = true }), cancellationToken);

    public Task<ContainerExecInspectResponse> InspectContainerExecAsync(string id, CancellationToken cancellationToken) =>
        transport.GetJsonAsync<ContainerExecInspectResponse>(new EngineRequest(HttpMethod.Get, EnginePath.Of("exec", id, "/json")), cancellationToken);

    private static EngineRequest StartRequest(string id, ContainerExecStartParameters parameters) =>
        new(HttpMethod.Post, EnginePath.Of("exec", id, "/start")) { Content = RequestBody.Of(parameters) };
}
