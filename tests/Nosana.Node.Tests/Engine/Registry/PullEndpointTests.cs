using System.Net;
using Microsoft.AspNetCore.Http;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Registry;

namespace Nosana.Node.Tests.Engine.Registry;

public sealed class PullEndpointTests : IAsyncLifetime
{
    private readonly FakeRegistry _registry = new();
    private readonly HttpClient _engine = new();
    private RegistryBench _bench = null!;
    private OngoingPull _pull = null!;
    private string _root = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Layer => $"{_root}/blobs/{FakeRegistry.DigestOf(_registry.Layer)}";

    public async ValueTask InitializeAsync()
    {
        _bench = new RegistryBench([_registry.Address]);
        (_pull, string reference) = await _bench.Endpoint.OpenAsync(await _bench.ResolveAsync($"{_registry.Address}/a/b:1"), Token);
        Assert.EndsWith($"@{FakeRegistry.DigestOf(_registry.Manifest)}", reference, StringComparison.Ordinal);
        string place = reference.Split('@')[0];
        _root = $"http://{place.Split('/')[0]}/v2/{place[(place.IndexOf('/') + 1)..]}";
    }

    public async ValueTask DisposeAsync()
    {
        _pull.Dispose();
        _engine.Dispose();
        await _bench.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task Get_PullThatGoesOn_PassesOnWhatTheImageHas()
    {
        using HttpResponseMessage manifest = await _engine.GetAsync($"{_root}/manifests/{FakeRegistry.DigestOf(_registry.Manifest)}", Token);
        Assert.Equal((FakeRegistry.ManifestType, FakeRegistry.DigestOf(_registry.Manifest)),
            (manifest.Content.Headers.ContentType!.MediaType, manifest.Headers.GetValues("Docker-Content-Digest").Single()));
        Assert.Equal(_registry.Manifest, await manifest.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal(_registry.Config, await _engine.GetByteArrayAsync($"{_root}/blobs/{FakeRegistry.DigestOf(_registry.Config)}", Token));
        Assert.Equal(_registry.Layer, await _engine.GetByteArrayAsync(Layer, Token));
        Assert.Null(_pull.Fault);
    }

    [Fact]
    public async Task Get_NameThatIsGuessed_GivesNothingAndAsksNobody()
    {
        int before = _registry.Requests.Count;
        string origin = new Uri(_root).GetLeftPart(UriPartial.Authority), guess = $"{origin}/v2/nosana-pull/{new string('0', 40)}";
        foreach (string path in (string[])[
            Layer.Replace(_root, guess, StringComparison.Ordinal), $"{origin}/v2/a/b/blobs/{FakeRegistry.DigestOf(_registry.Layer)}", $"{origin}/v2/_catalog",
            $"{_root}/tags/list", $"{_root}/manifests/1", $"{_root}/blobs/{FakeRegistry.DigestOf([7])}", $"{_root}/blobs/../{FakeRegistry.DigestOf(_registry.Layer)}", $"{origin}/"])
        {
            using HttpResponseMessage answer = await _engine.GetAsync(path, Token);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        using HttpResponseMessage upload = await _engine.PostAsync($"{_root}/blobs/uploads/", null, Token);
        Assert.Equal(HttpStatusCode.NotFound, upload.StatusCode);
        Assert.Equal(before, _registry.Requests.Count);
    }

    [Fact]
    public async Task Get_PullThatIsOver_GivesNothing()
    {
        _pull.Dispose();
        using HttpResponseMessage answer = await _engine.GetAsync(Layer, Token);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Get_RegistryBreaksOff_IsGoneOnWithWhereItStopped()
    {
        const int Middle = 100_000;
        int broken = 0;
        _registry.Instead = async http =>
        {
            if (http.Request.Headers.Range.Count > 0 || Interlocked.Exchange(ref broken, 1) == 1) return false;
            http.Response.ContentLength = _registry.Layer.Length;
            await http.Response.Body.WriteAsync(_registry.Layer.AsMemory(0, Middle), Token);
            await http.Response.Body.FlushAsync(Token);
            http.Abort();
            return true;
        };
        Assert.Equal(_registry.Layer, await _engine.GetByteArrayAsync(Layer, Token));
        Assert.Matches("^bytes=[1-9][0-9]*-$", _registry.Requests.Last().Range);
    }

    [Fact]
    public async Task Get_RegistryWithoutRangesBreaksOff_IsGoneOnWith()
    {
        int broken = 0;
        _registry.Instead = async http =>
        {
            http.Response.ContentLength = _registry.Layer.Length;
            bool isFirst = Interlocked.Exchange(ref broken, 1) == 0;
            await http.Response.Body.WriteAsync(_registry.Layer.AsMemory(0, isFirst ? 100_000 : _registry.Layer.Length), Token);
            await http.Response.Body.FlushAsync(Token);
            if (isFirst) http.Abort();
            return true;
        };
        Assert.Equal(_registry.Layer, await _engine.GetByteArrayAsync(Layer, Token));
    }

    [Theory]
    [InlineData("longer", EngineFault.ImageRefused)]
    [InlineData("missing", EngineFault.ImageNotFound)]
    [InlineData("silent", EngineFault.RegistryUnavailable)]
    internal async Task Get_LayerThatIsNotWhatItShould_BreaksOffAndFailsThePull(string lie, EngineFault fault)
    {
        byte[] layer = [.. _registry.Layer];
        _registry.Instead = async http =>
        {
            if (lie == "missing") return false;
            if (lie == "silent") await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            else await http.Response.Body.WriteAsync(lie == "longer" ? [.. layer, .. layer] : layer, Token);
            return true;
        };
        string digest = FakeRegistry.DigestOf(_registry.Layer);
        if (lie == "missing") _registry.Layer = [];
        await Assert.ThrowsAnyAsync<Exception>(() => _engine.GetByteArrayAsync($"{_root}/blobs/{digest}", Token));
        Assert.Equal(fault, _pull.Fault!.Fault);
        Assert.True(_pull.Failed.IsCancellationRequested);
    }

    [Fact]
    public async Task Get_DiskHasNoRoomForTheLayer_FailsBeforeItIsFetched()
    {
        int before = _registry.Requests.Count;
        _bench.SetFreeBytes(_registry.Layer.Length - 1);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _engine.GetByteArrayAsync(Layer, Token));
        Assert.Equal((EngineFault.NoSpace, before), (_pull.Fault!.Fault, _registry.Requests.Count));
        Assert.Contains($"{_registry.Layer.Length} bytes", _pull.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_FromAByteOn_GivesTheRest()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Layer) { Headers = { Range = new System.Net.Http.Headers.RangeHeaderValue(299_000, null) } };
        using HttpResponseMessage answer = await _engine.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(_registry.Layer[299_000..], await answer.Content.ReadAsByteArrayAsync(Token));
    }
}
