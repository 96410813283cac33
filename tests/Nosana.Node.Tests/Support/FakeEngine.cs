using System.Net;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Engine;

namespace Nosana.Node.Tests.Support;

/// <summary>
/// A Docker Engine in memory, as much of one as jobs need. What the containers of an operation do stands in <see cref="Programs"/>, by the
/// operation's id; faults are switched on by tests.
/// </summary>
internal sealed partial class FakeEngine(TimeProvider time) : EngineFake
{
    private readonly Lock _lock = new();
    private readonly List<FakeContainer> _containers = [];
    private int _made;
    private int _looks;

    /// <summary>By operation id; an operation without one ends at once with 0.</summary>
    public Dictionary<string, FakeProgram> Programs { get; } = [];

    /// <summary>Every request fails as when no engine listens.</summary>
    public bool Down { get; set; }

    /// <summary>Removing containers fails as on an engine whose disk is broken.</summary>
    public bool CannotRemove { get; set; }

    public HashSet<string> MissingImages { get; } = [];

    /// <summary>A pull is done once this has completed; null pulls at once.</summary>
    public TaskCompletionSource? SlowPull { get; set; }

    /// <summary>Where the pull that began last reports to.</summary>
    public IProgress<JSONMessage>? PullProgress { get; internal set; }

    public Dictionary<string, IDictionary<string, string>> NetworksByName { get; } = [];

    public Dictionary<string, IDictionary<string, string>> VolumesByName { get; } = [];

    /// <summary>What volumes take.</summary>
    public Dictionary<string, long> VolumeBytes { get; } = [];

    /// <summary>Create requests in order, also of containers that are gone.</summary>
    public List<FakeContainer> Made { get; } = [];

    public IReadOnlyList<FakeContainer> Present
    {
        get { lock (_lock) return [.. _containers]; }
    }

    public FakeImageShelf Shelf { get; } = new();

    /// <summary>Comes in before a container is made, as whoever removes what it is to be made of.</summary>
    public Action? Creating { get; set; }

    /// <summary>Comes in before a container is started.</summary>
    public Action? Starting { get; set; }

    /// <summary>Thrown by the pull of an image; null pulls it.</summary>
    public Func<string, DockerApiException?> PullError { get; set; } = _ => null;

    /// <summary>Where the engine says its data are.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>Looks at the engine of any kind; a request takes at least one.</summary>
    public int Looks => _looks;

    public static DockerApiException Error(HttpStatusCode status, string message) => new(status, message);

    public FakeContainer? ContainerOf(string op)
    {
        lock (_lock) return _containers.FirstOrDefault(container => container.Op == op);
    }

    public int MadeFor(string op)
    {
        lock (_lock) return Made.Count(container => container.Op == op);
    }

    /// <summary>The operation's container once it runs.</summary>
    public async Task<FakeContainer> RunningAsync(string op)
    {
        await Nosana.Testing.Eventually.TrueAsync(() => ContainerOf(op) is { IsRunning: true }, $"a running container of operation {op}");
        return ContainerOf(op)!;
    }

    private async Task<T> Answer<T>(Func<T> answer, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        RequireUp();
        return answer();
    }

    internal void RequireUp()
    {
        Interlocked.Increment(ref _looks);
        if (Down) throw new DockerUnavailableException(Endpoint, "does not answer", "Start it");
    }

    internal FakeContainer Create(CreateContainerParameters request)
    {
        RequireUp();
        Creating?.Invoke();
        string op = request.Labels![EngineLabels.Op];
        FakeProgram program = Programs.GetValueOrDefault(op) ?? new FakeProgram();
        if (program.CreateError is { } error) throw error;
        if (Shelf.IdOf(request.Image) is null) throw new DockerImageNotFoundException(HttpStatusCode.NotFound, $"No such image: {request.Image}");
        lock (_lock)
        {
            if (_containers.Any(container => container.Name == request.Name))
                throw Error(HttpStatusCode.Conflict, $"Conflict. The container name \"/{request.Name}\" is already in use by container \"x\".");
            var made = new FakeContainer((++_made).ToString("x64", global::System.Globalization.CultureInfo.InvariantCulture), request, program, time);
            _containers.Add(made);
            Made.Add(made);
            return made;
        }
    }

    internal FakeContainer Find(string id)
    {
        RequireUp();
        lock (_lock)
            return _containers.FirstOrDefault(container => container.Id == id) ?? throw new DockerContainerNotFoundException(HttpStatusCode.NotFound, $"No such container: {id}");
    }

    internal void Remove(string id)
    {
        FakeContainer container = Find(id);
        if (CannotRemove) throw Error(HttpStatusCode.InternalServerError, "driver \"overlay2\" failed to remove root filesystem: input/output error");
        lock (_lock) _containers.Remove(container);
        container.Remove();
    }

    /// <summary>Whether labels pass a list's <c>label</c> filter.</summary>
    internal static bool Passes(IDictionary<string, string> labels, IDictionary<string, IDictionary<string, bool>>? filters) =>
        filters is null || !filters.TryGetValue("label", out IDictionary<string, bool>? wanted) || wanted.Keys.All(text =>
        {
            string[] parts = text.Split('=', 2);
            return labels.TryGetValue(parts[0], out string? value) && (parts.Length == 1 || parts[1] == value);
        });
}
