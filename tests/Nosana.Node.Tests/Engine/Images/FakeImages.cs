using System.Net;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Tests.Support;

namespace Nosana.Node.Tests.Engine.Images;

/// <summary>An engine that has images and pulls them as a test says.</summary>
internal sealed class FakeImages : EngineFake
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _present = [];

    public List<(string Reference, string? User)> Pulls { get; } = [];

    public int Inspections { get; private set; }

    /// <summary>What a pull does, by its number from 1; the image is there when it returns.</summary>
    public Func<int, IProgress<JSONMessage>?, CancellationToken, Task> Pull { get; set; } = (_, _, _) => Task.CompletedTask;

    public void Add(string reference)
    {
        lock (_lock) _present.Add(reference);
    }

    public override async Task PullImageAsync(string reference, AuthConfig? account, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default)
    {
        int number;
        lock (_lock)
        {
            Pulls.Add((reference, account?.Username));
            number = Pulls.Count;
        }
        await Pull(number, progress, cancellationToken);
        Add(reference);
    }

    public override Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            Inspections++;
            return _present.Contains(name)
                ? Task.FromResult(new ImageInspectResponse { ID = "sha256:id", RepoDigests = [$"{name}@sha256:digest"] })
                : throw new DockerImageNotFoundException(HttpStatusCode.NotFound, $"No such image: {name}");
        }
    }
}
