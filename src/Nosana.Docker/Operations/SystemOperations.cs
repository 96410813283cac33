using System.Runtime.CompilerServices;
using Nosana.Docker.Json;
using Nosana.Docker.Models;
using Nosana.Docker.Transport;

namespace Nosana.Docker.Operations;

internal sealed class SystemOperations(EngineTransport transport) : ISystemOperations
{
    public Task PingAsync(CancellationToken cancellationToken) =>
        transport.SendAsync(new EngineRequest(HttpMethod.Get, "/_ping") { IsUnversioned = true }, cancellationToken);

    public Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken) =>
        transport.GetJsonAsync<VersionResponse>(new EngineRequest(HttpMethod.Get, "/version") { IsUnversioned = true }, cancellationToken);

    public Task<SystemInfoResponse> GetSystemInfoAsync(CancellationToken cancellationToken) =>
        transport.GetJsonAsync<SystemInfoResponse>(new EngineRequest(HttpMethod.Get, "/info"), cancellationToken);

    public Task<DiskUsageResponse> GetDiskUsageAsync(CancellationToken cancellationToken) =>
        transport.AwaitJsonAsync<DiskUsageResponse>(new EngineRequest(HttpMethod.Get, "/system/df"), cancellationToken);

    public async IAsyncEnumerable<Message> StreamEventsAsync(ContainerEventsParameters parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        QueryString query = new QueryString().Add("since", parameters.Since).Add("until", parameters.Until).AddFilters(parameters.Filters);
        var request = new EngineRequest(HttpMethod.Get, "/events", query);
        await using Stream stream = await ResponseStream.OpenAsync(transport, request, cancellationToken);
        await foreach (Message message in JsonMessages.ReadAsync<Message>(stream, request.ToString(), cancellationToken)) yield return message;
    }

    public async Task MonitorEventsAsync(ContainerEventsParameters parameters, IProgress<Message> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        await foreach (Message message in StreamEventsAsync(parameters, cancellationToken)) progress.Report(message);
    }
}
