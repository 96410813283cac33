using System.Net;
using System.Text;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Retries;
using Polly;

namespace Nosana.Node.Engine.Containers;

/// <summary>
/// Tenants' containers on one engine: made, started, waited for, stopped, looked at and removed. Every method throws
/// <see cref="EngineException"/>; a container that is gone is <see cref="EngineFault.ContainerMissing"/> unless said otherwise.
/// </summary>
internal sealed partial class ContainerRuntime(IEngineClient client, ILogger<ContainerRuntime> logger, TimeProvider? time = null)
{
    /// <summary>An engine that does not tell its version for so long hangs, or is too busy for a job.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    /// <summary>Longer than an engine takes to stop its containers and end: Docker gives them 15 s (<c>--shutdown-timeout</c>).</summary>
    private static readonly TimeSpan EngineShutdown = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>False when it takes the question and says nothing for <see cref="LongestSilence"/>: it hangs.</summary>
    /// <exception cref="EngineException">It is not there.</exception>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestSilence, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await client.GetVersionAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, "The engine cannot be asked what it is");
        }
    }

    /// <summary>What the engine is; a fault of <see cref="EngineFault.EngineDown"/> when it does not answer.</summary>
    public async Task<EngineStatus> PingAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return EngineStatus.From(
                await client.GetVersionAsync(cancellationToken), await client.GetSystemInfoAsync(cancellationToken));
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, "The engine cannot be asked what it is");
        }
    }

    /// <summary>Makes a container and returns its id.</summary>
    public Task<string> CreateAsync(ContainerSpec spec, HardeningProfile profile, CancellationToken cancellationToken = default) =>
        Do($"Container {spec.Name} of image {spec.Image} cannot be made", async () =>
        {
            CreateContainerResponse created = await client.CreateContainerAsync(ContainerSpecWriter.Write(spec, profile), cancellationToken);
            foreach (string warning in created.Warnings) LogWarning(logger, spec.Name, warning);
            return created.ID;
        });

    /// <summary>Starts a container; one that runs already stays as it is.</summary>
    public Task StartAsync(string id, CancellationToken cancellationToken = default) =>
        Do($"Container {Short(id)} cannot be started", () => client.StartContainerAsync(id, cancellationToken));

    /// <summary>
    /// Waits for the end of a container that was started, through its restarts and through restarts of the engine. There is no time limit
    /// but the token's.
    /// </summary>
    /// <returns>The container as it was found then, with its exit: an engine that shuts down may not be asked a second time.</returns>
    public async Task<ContainerSnapshot> WaitAsync(string id, CancellationToken cancellationToken = default)
    {
        int looks = 0;
        bool away = false;
        string? suspect = null;
        ResiliencePipeline engine = RetryPipelines.Create(
            RetryPipelines.EngineAway,
            _time,
            static e => e is DockerApiException { StatusCode: >= HttpStatusCode.InternalServerError } || (e is DockerException exception && IsAway(exception)),
            (e, _) =>
            {
                if (!away) LogEngineGone(logger, Short(id), e.Message);
                away = true;
            },
            progress: () => looks);
        while (true)
        {
            if (await Do($"Container {Short(id)} cannot be waited for", async () => await engine.ExecuteAsync(LookAsync, cancellationToken)) is { } ended)
                return ended;
        }

        async ValueTask<ContainerSnapshot?> LookAsync(CancellationToken token)
        {
            await client.WaitContainerAsync(id, WaitCondition.NotRunning, token);
            ContainerInspectResponse found = await client.InspectContainerAsync(id, token);
            ContainerSnapshot snapshot = SnapshotReader.Read(found, null);
            looks++;
            if (away) LogEngineBack(logger, Short(id));
            away = false;
            if (snapshot.Exit is { } exit && (!IsToRunAgain(found) || suspect == SnapshotReader.StateOf(found).FinishedAt))
                return snapshot with { Exit = await WithCommandErrorAsync(found, exit, token) };
            if (snapshot.Exit is not null)
            {
                // Somebody stopped it, or the engine shuts down and will start it again: that is known once the engine had time to be gone.
                suspect = SnapshotReader.StateOf(found).FinishedAt;
                await Task.Delay(EngineShutdown, _time, token);
            }
            // Between two runs of its restart policy it counts as running, and the next wait blocks. A container that was only made
            // does not: its next end is what is waited for.
            else if (SnapshotReader.StateOf(found).Status == "created") await client.WaitContainerAsync(id, WaitCondition.NextExit, token);
            return null;
        }
    }

    /// <summary>
    /// Asks a container to end, and kills it after the grace. Returns once it has ended; one that ended or is gone already is not an error.
    /// An engine that is away is waited for a while, since a container that it finds again goes on.
    /// </summary>
    /// <param name="id">Container.</param>
    /// <param name="grace">Rounded up to whole seconds; zero kills at once.</param>
    /// <param name="cancellationToken">Ends the waiting, not the stopping.</param>
    public async Task StopAsync(string id, TimeSpan grace, CancellationToken cancellationToken = default)
    {
        long seconds = (long)Math.Ceiling(Math.Max(0, grace.TotalSeconds));
        try
        {
            await RetryPipelines.Create(RetryPipelines.EngineAwayForAWhile, _time, static e => e is DockerException exception && IsAway(exception))
                .ExecuteAsync(async token => await client.StopContainerAsync(id, seconds, token), cancellationToken);
        }
        catch (DockerContainerNotFoundException)
        {
            // gone is stopped
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, $"Container {Short(id)} cannot be stopped");
        }
    }

    /// <summary>Stops a container, as <see cref="StopAsync"/> does, and starts it again; returns once it runs.</summary>
    /// <param name="id">Container.</param>
    /// <param name="grace">Rounded up to whole seconds.</param>
    public Task RestartAsync(string id, TimeSpan grace) => Do($"Container {Short(id)} cannot be restarted", async () =>
    {
        await client.RestartContainerAsync(id, (long)Math.Ceiling(Math.Max(0, grace.TotalSeconds)), CancellationToken.None);
        return true;
    });

    /// <summary>Looks at a container.</summary>
    /// <param name="id">Container.</param>
    /// <param name="networkName">The network whose address is wanted; null takes the only one.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public Task<ContainerSnapshot> InspectAsync(string id, string? networkName = null, CancellationToken cancellationToken = default) =>
        Do($"Container {Short(id)} cannot be inspected", async () =>
            SnapshotReader.Read(await client.InspectContainerAsync(id, cancellationToken), networkName));

    /// <summary>Removes a container, running or not, with its anonymous volumes. One that is gone already is not an error.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        try
        {
            await client.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancellationToken);
        }
        catch (DockerContainerNotFoundException)
        {
            // Gone is removed.
        }
        catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.Conflict
            && exception.EngineMessage.Contains("already in progress", StringComparison.OrdinalIgnoreCase))
        {
            await UntilRemovedAsync(id, cancellationToken);
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, $"Container {Short(id)} cannot be removed");
        }
    }

    /// <summary>Opens a container's output, each frame with its time; null when the container is gone. Dispose the stream.</summary>
    /// <param name="id">Container.</param>
    /// <param name="since">First moment, inclusive, in the engine's form (seconds, a point, nine digits); null is the beginning.</param>
    /// <param name="follow">Whether to go on until the container ends.</param>
    /// <param name="tail">The newest frames alone; null is all.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    public async Task<MultiplexedStream?> OpenLogsAsync(string id, string? since, bool follow, int? tail = null, CancellationToken cancellationToken = default)
    {
        var parameters = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Timestamps = true,
            Follow = follow,
            Since = since,
            Tail = tail?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        try
        {
            return await client.OpenOutputAsync(id, parameters, cancellationToken);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Containers that carry all these labels, running or not.</summary>
    public Task<IReadOnlyList<FoundContainer>> FindAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken = default) =>
        Do("Containers cannot be listed", async () =>
        {
            var parameters = new ContainersListParameters { All = true, Filters = LabelFilter.Of(labels) };
            IList<ContainerListResponse> found = await client.ListContainersAsync(parameters, cancellationToken);
            return (IReadOnlyList<FoundContainer>)[.. found.Select(container => new FoundContainer(
                container.ID, container.Names.Select(name => name.TrimStart('/')).FirstOrDefault(""), container.State, container.Labels.AsReadOnly()))];
        });

    private static bool IsAway(DockerException exception) => exception is DockerUnavailableException or DockerStreamException;

    /// <summary>
    /// Whether the restart policy would have had it run again: then it was stopped from outside, which the engine also does when it shuts down.
    /// </summary>
    private static bool IsToRunAgain(ContainerInspectResponse found) => found.HostConfig?.RestartPolicy switch
    {
        { Name: RestartPolicyKind.Always or RestartPolicyKind.UnlessStopped } => true,
        { Name: RestartPolicyKind.OnFailure } policy =>
            SnapshotReader.StateOf(found).ExitCode != 0 && (policy.MaximumRetryCount == 0 || found.RestartCount < policy.MaximumRetryCount),
        _ => false,
    };

    private async Task UntilRemovedAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await client.WaitContainerAsync(id, WaitCondition.Removed, cancellationToken);
        }
        catch (DockerContainerNotFoundException)
        {
            // Removed before the wait began.
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, $"The removal of container {Short(id)} by somebody else cannot be waited for");
        }
    }

    /// <summary>
    /// With an init process the engine starts containers whose command is not there, and the init says so in the output and ends as a
    /// command within it may, too. Its own words tell the two apart.
    /// </summary>
    private async Task<ContainerExit> WithCommandErrorAsync(ContainerInspectResponse found, ContainerExit exit, CancellationToken cancellationToken)
    {
        if (!InitMessage.IsItsExit(exit.ExitCode) || found.HostConfig?.Init != true) return exit;
        // From the beginning: Podman keeps the words in pieces, and its tail loses some. More than they can be is a command's, that ran.
        await using MultiplexedStream output = await client.OpenOutputAsync(
            found.ID, new ContainerLogsParameters { ShowStderr = true }, cancellationToken);
        byte[] words = new byte[InitMessage.MaxBytes + 1];
        int length = 0;
        while (length < words.Length && await output.ReadOutputAsync(words, length, words.Length - length, cancellationToken) is { EOF: false } read)
            length += read.Count;
        return length == words.Length ? exit : exit with { CommandError = InitMessage.Read(Encoding.UTF8.GetString(words, 0, length)) };
    }

    private static async Task<T> Do<T>(string action, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, action);
        }
    }

    private static string Short(string id) => id.Length == 64 ? id[..12] : id;

    [LoggerMessage(3001, LogLevel.Warning, "The engine says of container {Container}: {Warning}")]
    private static partial void LogWarning(ILogger logger, string container, string warning);

    [LoggerMessage(3002, LogLevel.Warning, "The engine went away while container {Container} was waited for; trying until it is back: {Problem}")]
    private static partial void LogEngineGone(ILogger logger, string container, string problem);

    [LoggerMessage(3003, LogLevel.Information, "The engine is back and container {Container} is waited for again")]
    private static partial void LogEngineBack(ILogger logger, string container);
}
