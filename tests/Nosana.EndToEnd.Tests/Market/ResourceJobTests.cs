using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.EndToEnd.Tests.Corpus.Sources;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>A published definition that starts what it has from the network's bucket, on a host with GPUs, posted twice: the bucket sends it once.</summary>
public sealed class ResourceJobTests : IAsyncLifetime
{
    private const string File = "tpl__foldingathome-job-definition.json", Prefix = "foldingAtHome";

    private readonly FakeNvidia _gpus = FakeNvidia.Build();
    private RemoteSources _sources = null!;
    private MarketHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sources = await RemoteSources.StartAsync();
        // Unlike a service's, it ends.
        await _sources.S3.PutAsync($"{Prefix}/entrypoint.sh", "echo \"$NVIDIA_VISIBLE_DEVICES\"; ls config; touch config/work"u8.ToArray());
        _host = new MarketHost { Options = _sources.Mirrors, Gpus = _gpus };
        await _host.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _host.Process.Terminate();
        await _host.Process.ExitAsync();
        var ofHost = new VolumesListParameters { Filters = new DockerFilters { { "label", $"{EngineLabels.Agent}={_host.Network.Host}" } } };
        foreach (VolumeResponse volume in await _host.Engine.ListVolumesAsync(ofHost, CancellationToken.None)) await _host.Engine.RemoveVolumeAsync(volume.Name, CancellationToken.None);
        await _host.DisposeAsync();
        await _sources.DisposeAsync();
        _gpus.Dispose();
    }

    [Fact]
    public async Task Job_OfTheCorpusWithAnS3ResourcePostedTwice_IsServedFromTheCacheTheSecondTime()
    {
        NeedsCorpus.OrSkip();
        string definition = await System.IO.File.ReadAllTextAsync(Path.Combine(RepositoryFiles.PublicDefinitions, File), Token);

        await RunAsync(definition);
        Assert.Equal(1, _sources.S3.Sent(Prefix));
        Assert.DoesNotContain("is in the cache", _host.Process.Text, StringComparison.Ordinal);
        await RunAsync(definition);

        Assert.Equal(1, _sources.S3.Sent(Prefix));
        Assert.Contains($"https://models.nosana.io/{Prefix} is in the cache", _host.Process.Text, StringComparison.Ordinal);
        Assert.Single(_host.Process.Lines, line => line.Text.Contains(" fetched: ", StringComparison.Ordinal));
    }

    private async Task RunAsync(string definition)
    {
        (_, JsonNode result) = await _host.CompletedAsync(await _host.Network.PostAsync(definition));

        Assert.True(Definitions.StatusOf(result) == "success", result.ToJsonString());
        // What the job wrote the first time is not there the second time.
        Assert.Equal([$"{FakeNvidia.FirstUuid},{FakeNvidia.SecondUuid}", "entrypoint.sh"], Definitions.LinesOf(Definitions.Op(result)));
    }
}
