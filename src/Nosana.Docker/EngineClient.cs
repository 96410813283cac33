using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using Nosana.Docker.Transport;
using Version = System.Version;

namespace Nosana.Docker;

/// <inheritdoc cref="IEngineClient"/>
public sealed partial class EngineClient : IEngineClient
{
    /// <summary>Time limit of queries when none is given.</summary>
    public static readonly TimeSpan StandardTimeout = TimeSpan.FromSeconds(100);

    /// <summary>Queries at once; others wait for their turn, and no time limit runs meanwhile.</summary>
    public const int StandardQueriesAtOnce = 32;

    private readonly EngineTransport _transport;

    /// <param name="endpoint"><c>unix:///path/to.sock</c>, <c>tcp://host:port</c> or <c>http://host:port</c>.</param>
    /// <param name="limit">Limit of queries; default is <see cref="StandardTimeout"/>.</param>
    /// <param name="time">Clock of the limit.</param>
    /// <param name="requestedApiVersion">Version that every request carries; null negotiates it.</param>
    /// <param name="queriesAtOnce">Most queries that the engine is asked at a time, and so most connections for them.</param>
    /// <exception cref="ArgumentException">The endpoint has another scheme or no path or host.</exception>
    public EngineClient(
        Uri endpoint, TimeSpan limit = default, TimeProvider? time = null, Version? requestedApiVersion = null, int queriesAtOnce = StandardQueriesAtOnce)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        EngineEndpoint.Validate(endpoint);
        Endpoint = endpoint;
        _transport = new EngineTransport(
            endpoint, limit == default ? StandardTimeout : limit, time ?? TimeProvider.System, requestedApiVersion, queriesAtOnce);
        Library = new DockerClientBuilder<EngineTransport>(new EngineTransportFactory(), _transport)
            .WithEndpoint(endpoint).WithTimeout(Timeout.InfiniteTimeSpan).Build();
    }

    public Uri Endpoint { get; }

    /// <summary>The library itself over the same transport, for tests that ask more of an engine than the agent does.</summary>
    internal DockerClient Library { get; }

    public Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken = default) =>
        Read("its version", Library.System.GetVersionAsync(cancellationToken));

    public Task<SystemInfoResponse> GetSystemInfoAsync(CancellationToken cancellationToken = default) =>
        Read("itself", Library.System.GetSystemInfoAsync(cancellationToken), Complete);

    public Task<CreateContainerResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken = default) =>
        Read("a container that was made", Library.Containers.CreateContainerAsync(parameters, cancellationToken), made =>
        {
            RequireId(made.ID);
            made.Warnings ??= [];
        });

    public Task<bool> StartContainerAsync(string id, CancellationToken cancellationToken = default) =>
        Read("the start of a container", Library.Containers.StartContainerAsync(id, null, cancellationToken));

    public async Task StopContainerAsync(string id, long graceSeconds, CancellationToken cancellationToken = default)
    {
        string query = QueryOf(("t", graceSeconds.ToString(CultureInfo.InvariantCulture)));
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, $"containers/{id}/stop", query, cancellationToken);
    }

    public async Task RestartContainerAsync(string id, long graceSeconds, CancellationToken cancellationToken = default)
    {
        string query = QueryOf(("t", graceSeconds.ToString(CultureInfo.InvariantCulture)));
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, $"containers/{id}/restart", query, cancellationToken);
    }

    public async Task WaitContainerAsync(string id, WaitCondition condition, CancellationToken cancellationToken = default)
    {
        string name = condition switch
        {
            WaitCondition.NextExit => "next-exit",
            WaitCondition.Removed => "removed",
            _ => "not-running",
        };
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, $"containers/{id}/wait", QueryOf(("condition", name)), cancellationToken);
        await ReadToEndAsync("the end of a container", response, cancellationToken);
    }

    public Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken = default) =>
        Read("a container", Library.Containers.InspectContainerAsync(id, cancellationToken), Complete);

    public Task<IList<ContainerListResponse>> ListContainersAsync(ContainersListParameters parameters, CancellationToken cancellationToken = default) =>
        Read("its containers", Library.Containers.ListContainersAsync(parameters, cancellationToken), containers =>
        {
            foreach (ContainerListResponse container in containers)
                (container.Names, container.Labels) = (container.Names ?? [], container.Labels ?? NoLabels());
        });

    public Task RemoveContainerAsync(string id, ContainerRemoveParameters parameters, CancellationToken cancellationToken = default) =>
        Send(Library.Containers.RemoveContainerAsync(id, parameters, cancellationToken));

    public async Task<MultiplexedStream> OpenOutputAsync(string id, ContainerLogsParameters parameters, CancellationToken cancellationToken = default)
    {
        string query = QueryOf(
            ("stdout", parameters.ShowStdout == true ? "1" : null),
            ("stderr", parameters.ShowStderr == true ? "1" : null),
            ("timestamps", parameters.Timestamps == true ? "1" : null),
            ("follow", parameters.Follow == true ? "1" : null),
            ("since", parameters.Since),
            ("until", parameters.Until),
            ("tail", parameters.Tail));
        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"containers/{id}/logs", query, cancellationToken);
        return new MultiplexedStream(await response.Content.ReadAsStreamAsync(cancellationToken), response);
    }

    public async Task<Stream> OpenStatisticsAsync(string id, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"containers/{id}/stats", QueryOf(("stream", "1")), cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken); // which closes the answer, too
    }

    public async Task<Stream> ReadArchiveAsync(string id, string path, CancellationToken cancellationToken = default) => (await Read(
        "the files of a container",
        Library.Containers.GetArchiveFromContainerAsync(id, new ContainerPathStatParameters { Path = path }, statOnly: false, cancellationToken))).Stream!;

    public async Task<long?> MeasureFileAsync(string id, string path, CancellationToken cancellationToken = default)
    {
        try
        {
            ContainerArchiveResponse found = await Read(
                "a file of a container",
                Library.Containers.GetArchiveFromContainerAsync(id, new ContainerPathStatParameters { Path = path }, statOnly: true, cancellationToken));
            return found.Stat?.Size;
        }
        catch (DockerApiException e) when (e.StatusCode == System.Net.HttpStatusCode.NotFound && e is not DockerContainerNotFoundException)
        {
            return null;
        }
    }

    public Task ExtractArchiveAsync(string id, string path, Stream archive, CancellationToken cancellationToken = default) =>
        Send(Library.Containers.ExtractArchiveToContainerAsync(id, new CopyToContainerParameters { Path = path }, archive, cancellationToken));

    public Task PullImageAsync(string reference, AuthConfig? account, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default)
    {
        // Without a tag an engine pulls every tag there is.
        bool isWhole = reference.Contains('@') || reference.LastIndexOf(':') > reference.LastIndexOf('/');
        string query = QueryOf(("fromImage", reference), ("tag", isWhole ? null : "latest"));
        return CreateImageAsync(EngineRoute.ImagePull, query, null, account, progress, cancellationToken);
    }

    public Task PullFromPodmanAsync(string reference, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default) =>
        CreateImageAsync(EngineRoute.PodmanPull, QueryOf(("reference", reference), ("tlsVerify", "false")), null, null, progress, cancellationToken);

    public async Task<IReadOnlyList<PodmanRegistry>> GetPodmanRegistriesAsync(CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, EngineRoute.PodmanInfo[1..], "", cancellationToken);
        byte[] answer = await ReadToEndAsync("its registries", response, cancellationToken);
        try
        {
            // Beside the entries, by their prefixes, stands a list of names under "search".
            PodmanInfo info = JsonSerializer.Deserialize(EngineJson.WithoutNulls(answer), EngineJson.Default.PodmanInfo)
                ?? throw new JsonException("it is null.");
            return [.. (info.Registries ?? []).Values.Where(entry => entry.ValueKind == JsonValueKind.Object)
                .Select(entry => entry.Deserialize(EngineJson.Default.PodmanRegistry)!)];
        }
        catch (Exception e) when (IsOfTheAnswer(e))
        {
            throw Unreadable("its registries", e);
        }
    }

    public Task ImportImageAsync(string repository, string tag, Stream archive, IReadOnlyList<string> changes, CancellationToken cancellationToken = default)
    {
        var content = new StreamContent(archive);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        string query = QueryOf([("fromSrc", "-"), ("repo", repository), ("tag", tag), .. changes.Select(change => ("changes", (string?)change))]);
        return CreateImageAsync(EngineRoute.ImagePull, query, content, null, null, cancellationToken);
    }

    public Task TagImageAsync(string name, string repository, string tag, CancellationToken cancellationToken = default) =>
        Send(Library.Images.TagImageAsync(name, new ImageTagParameters { RepositoryName = repository, Tag = tag }, cancellationToken));

    public Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken = default) =>
        Read("an image", Library.Images.InspectImageAsync(name, cancellationToken), image => image.RepoDigests ??= []);

    public Task<IList<ImagesListResponse>> ListImagesAsync(CancellationToken cancellationToken = default) =>
        Read("its images", Library.Images.ListImagesAsync(new ImagesListParameters(), cancellationToken), images =>
        {
            foreach (ImagesListResponse image in images) (image.RepoTags, image.RepoDigests) = (image.RepoTags ?? [], image.RepoDigests ?? []);
        });

    public Task DeleteImageAsync(string name, ImageDeleteParameters parameters, CancellationToken cancellationToken = default) =>
        Read("an image that was removed", Library.Images.DeleteImageAsync(name, parameters, cancellationToken));

    public Task<NetworksCreateResponse> CreateNetworkAsync(NetworksCreateParameters parameters, CancellationToken cancellationToken = default) =>
        Read("a network that was made", Library.Networks.CreateNetworkAsync(parameters, cancellationToken), made => RequireId(made.ID));

    public Task<NetworkResponse> InspectNetworkAsync(string id, CancellationToken cancellationToken = default) =>
        Read("a network", Library.Networks.InspectNetworkAsync(id, cancellationToken), network => network.Labels ??= NoLabels());

    public Task<IList<NetworkResponse>> ListNetworksAsync(NetworksListParameters parameters, CancellationToken cancellationToken = default) =>
        Read("its networks", Library.Networks.ListNetworksAsync(parameters, cancellationToken), networks =>
        {
            foreach (NetworkResponse network in networks) network.Labels ??= NoLabels();
        });

    public Task DeleteNetworkAsync(string id, CancellationToken cancellationToken = default) =>
        Send(Library.Networks.DeleteNetworkAsync(id, cancellationToken));

    public Task<VolumeResponse> CreateVolumeAsync(VolumesCreateParameters parameters, CancellationToken cancellationToken = default) =>
        Read("a volume that was made", Library.Volumes.CreateAsync(parameters, cancellationToken), volume => volume.Labels ??= NoLabels());

    public Task<VolumeResponse> InspectVolumeAsync(string name, CancellationToken cancellationToken = default) =>
        Read("a volume", Library.Volumes.InspectAsync(name, cancellationToken), volume => volume.Labels ??= NoLabels());

    public async Task<IList<VolumeResponse>> ListVolumesAsync(VolumesListParameters parameters, CancellationToken cancellationToken = default) =>
        (await Read("its volumes", Library.Volumes.ListAsync(parameters, cancellationToken), answer =>
        {
            foreach (VolumeResponse volume in answer.Volumes ??= []) volume.Labels ??= NoLabels();
        })).Volumes;

    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken = default) =>
        Send(Library.Volumes.RemoveAsync(name, null, cancellationToken));

    public async Task<IReadOnlyList<VolumeSize>> MeasureVolumesAsync(CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, "system/df", "", cancellationToken);
        byte[] answer = await ReadToEndAsync("its volumes", response, cancellationToken);
        try
        {
            DiskUsage use = JsonSerializer.Deserialize(EngineJson.WithoutNulls(answer), EngineJson.Default.DiskUsage) ?? throw new JsonException("it is null.");
            return [.. (use.Volumes ?? []).Select(volume => new VolumeSize(volume.Name ?? "", volume.Labels ?? [], volume.UsageData?.Size ?? 0))];
        }
        catch (Exception e) when (IsOfTheAnswer(e))
        {
            throw Unreadable("its volumes", e);
        }
    }

    public void Dispose() => Library.Dispose();

    private async Task CreateImageAsync(
        string path, string query, HttpContent? content, AuthConfig? account, IProgress<JSONMessage>? progress, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, UriOf(path[1..], query)) { Content = content };
        if (account is not null) request.Headers.Add("X-Registry-Auth", EngineJson.HeaderOf(account));
        using HttpResponseMessage response = await _transport.ExchangeAsync(request, cancellationToken);
        try
        {
            await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            IAsyncEnumerable<ImageMessage?> messages =
                JsonSerializer.DeserializeAsyncEnumerable(stream, EngineJson.Default.ImageMessage, topLevelValues: true, cancellationToken);
            await foreach (ImageMessage? message in messages)
            {
                if (message is null) continue;
                progress?.Report(message);
                if (message.Error is null && message.ErrorText is null) continue;
                string words = message.Error?.Message ?? message.ErrorText ?? "no message";
                throw EngineErrors.FromStream(new EngineRoute(HttpMethod.Post, path), (int)(message.Error?.Code ?? 0), words);
            }
        }
        catch (Exception e) when (IsOfTheAnswer(e))
        {
            throw Unreadable("an image that is pulled or made", e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string query, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, UriOf(path, query));
        return await _transport.ExchangeAsync(request, cancellationToken);
    }

    /// <summary>As the library makes it, so that the transport's look at names is the same for both.</summary>
    private Uri UriOf(string path, string query) => new UriBuilder(_transport.Base) { Path = path, Query = query }.Uri;

    private static string QueryOf(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var parts = new List<string>();
        foreach ((string name, string? value) in parameters)
            if (value is not null) parts.Add($"{name}={Uri.EscapeDataString(value)}");
        return string.Join('&', parts);
    }

    /// <summary>What the library makes of an answer, with its own exceptions as ours.</summary>
    /// <param name="what">What the engine was asked about.</param>
    /// <param name="answer">The library's request.</param>
    /// <param name="complete">Fills in what an engine leaves out although the library declares it not null.</param>
    private static async Task<T> Read<T>(string what, Task<T> answer, Action<T>? complete = null)
    {
        try
        {
            T result = await answer ?? throw new JsonException("it is null.");
            complete?.Invoke(result);
            return result;
        }
        catch (ArgumentNullException)
        {
            throw EngineErrors.OddName("the request", request: null); // the library's own look, before the transport's
        }
        catch (Exception e) when (IsOfTheAnswer(e))
        {
            throw Unreadable(what, e);
        }
    }

    private static async Task Send(Task request)
    {
        await Read("what it was told to do", DoneAsync());

        async Task<bool> DoneAsync()
        {
            await request;
            return true;
        }
    }

    private static async Task<byte[]> ReadToEndAsync(string what, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (Exception e) when (IsOfTheAnswer(e))
        {
            throw Unreadable(what, e);
        }
    }

    /// <summary>What the reading of an answer throws: JSON that is none, that breaks off, or that has a value of another kind than it should.</summary>
    private static bool IsOfTheAnswer(Exception e) => e is JsonException or NotImplementedException or FormatException or OverflowException
        or ArgumentOutOfRangeException or IOException or HttpRequestException || e is InvalidOperationException and not ObjectDisposedException;

    private static DockerStreamException Unreadable(string what, Exception e) =>
        new($"The engine's answer about {what} broke off or is not what it should be: {e.Message}", e);

    private static Dictionary<string, string> NoLabels() => [];

    private static void RequireId(string id)
    {
        if (id.Length == 0) throw new FormatException("it has no id.");
    }

    private static void Complete(SystemInfoResponse info)
    {
        info.Runtimes ??= new Dictionary<string, RuntimeWithStatus>();
        info.SecurityOptions ??= [];
        info.Warnings ??= [];
    }

    private static void Complete(ContainerInspectResponse container)
    {
        if (container.Config is { } config) config.Labels ??= NoLabels();
        if (container.HostConfig is { } host) host.RestartPolicy ??= new RestartPolicy();
        if (container.NetworkSettings is { } settings) settings.Networks ??= new Dictionary<string, EndpointSettings>();
    }
}
