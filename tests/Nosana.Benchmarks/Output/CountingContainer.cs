using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Benchmarks.Engine;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;

namespace Nosana.Benchmarks.Output;

/// <summary>A tenant's container that prints numbers, one a line.</summary>
internal sealed class CountingContainer : IAsyncDisposable
{
    private const int First = 100_000_000;

    private readonly JobReaper _reaper;
    private readonly string _job;

    private CountingContainer(BenchEngine engine, string job)
    {
        _job = job;
        Runtime = new ContainerRuntime(engine.Client, NullLogger<ContainerRuntime>.Instance);
        _reaper = new JobReaper(engine.Client, Runtime, new JobNetworks(engine.Client), new JobVolumes(engine.Client));
    }

    public ContainerRuntime Runtime { get; }

    public string Id { get; private set; } = "";

    /// <param name="engine">Where it runs.</param>
    /// <param name="lines">How many lines it prints.</param>
    /// <param name="before">Shell commands before it prints.</param>
    /// <param name="after">Shell commands afterwards.</param>
    public static async Task<CountingContainer> StartAsync(BenchEngine engine, int lines, string before, string after)
    {
        string job = $"bench-{Guid.NewGuid():N}"[..20];
        var container = new CountingContainer(engine, job);
        var labels = new Dictionary<string, string> { [EngineLabels.Job] = job };
        await new JobNetworks(engine.Client).EnsureAsync(job, labels);
        var spec = new ContainerSpec
        {
            Name = $"{job}-0",
            Image = BenchEngine.Image,
            Command = ["/bin/sh", "-c", string.Create(CultureInfo.InvariantCulture, $"{before}; seq {First} {First + lines - 1}; {after}")],
            NetworkName = job,
            Labels = labels,
        };
        container.Id = await container.Runtime.CreateAsync(spec, new HardeningProfile());
        await container.Runtime.StartAsync(container.Id);
        return container;
    }

    /// <summary>Bytes that it prints.</summary>
    public static long BytesOf(int lines) => lines * (First.ToString(CultureInfo.InvariantCulture).Length + 1L);

    /// <summary>Digest, in hex, of what it prints.</summary>
    public static string Sha256Of(int lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < lines; i++) hash.AppendData(Encoding.UTF8.GetBytes($"{First + i}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync() => await _reaper.RemoveAllOfJobAsync(_job);
}
