using System.Text;
using Docker.DotNet.Models;
using Microsoft.AspNetCore.Http;
using Nosana.Docker;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Engine.Registry;

namespace Nosana.Node.Tests.Engine.Registry;

public sealed class RegistryClientTests : IAsyncLifetime
{
    private readonly FakeRegistry _registry = new();
    private RegistryBench _bench = null!;

    private string Image => $"{_registry.Address}/a/b:1";

    public ValueTask InitializeAsync()
    {
        _bench = new RegistryBench([_registry.Address]);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task ResolveAsync_Manifest_SaysWhatTheImageIs()
    {
        RemoteImage image = await _bench.ResolveAsync(Image);
        Assert.Equal((FakeRegistry.DigestOf(_registry.Manifest), FakeRegistry.ManifestType, 300_000L), (image.Digest, image.MediaType, image.Bytes));
        Assert.Equal(["PATH=/bin", "NVIDIA_REQUIRE_CUDA=cuda>=12.4"], image.Environment);
        Assert.DoesNotContain(_registry.Requests, request => request.Path.EndsWith(FakeRegistry.DigestOf(_registry.Layer), StringComparison.Ordinal));
    }

    [Fact]
    public async Task ResolveAsync_Index_TakesThisMachinesPlatform()
    {
        byte[] other = FakeRegistry.ManifestOf("{}"u8.ToArray(), [1]);
        _registry.Index = FakeRegistry.IndexOf((other, "linux", "arm64"), (other, "windows", "amd64"), (_registry.Manifest, "linux", "amd64"));
        Assert.Equal(FakeRegistry.DigestOf(_registry.Manifest), (await _bench.ResolveAsync(Image)).Digest);
    }

    [Fact]
    public async Task ResolveAsync_IndexWithoutThisPlatform_SaysWhichThereAre()
    {
        _registry.Index = FakeRegistry.IndexOf((_registry.Manifest, "linux", "arm64"), (_registry.Manifest, "windows", "amd64"));
        await FailsAsync(EngineFault.ImageNotFound, "linux/arm64, windows/amd64", "linux/amd64");
    }

    [Fact]
    public async Task ResolveAsync_ConfigurationOfAnotherPlatform_SaysSo()
    {
        _registry.Config = """{"os":"linux","architecture":"s390x"}"""u8.ToArray();
        _registry.Manifest = FakeRegistry.ManifestOf(_registry.Config, _registry.Layer);
        await FailsAsync(EngineFault.ImageNotFound, "it is for linux/s390x", "linux/amd64");
    }

    [Fact]
    public async Task ResolveAsync_ConfigurationOfNoPlatformAtAll_IsNotRepeated()
    {
        _registry.Config = """{"os":"linux","architecture":"\u001b[31m; ask me"}"""u8.ToArray();
        _registry.Manifest = FakeRegistry.ManifestOf(_registry.Config, _registry.Layer);
        await FailsAsync(EngineFault.ImageNotFound, "it is for another platform", "linux/amd64");
    }

    [Fact]
    public async Task ResolveAsync_DigestThatIsNotTheManifests_IsRefused()
    {
        string digest = FakeRegistry.DigestOf("else"u8.ToArray());
        _registry.Instead = http => http.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal) ? Answer(http, 200, _registry.Manifest) : No;
        await FailsOfAsync($"{_registry.Address}/a/b@{digest}", EngineFault.ImageRefused, "digest");
    }

    [Theory]
    [InlineData("""{"schemaVersion":1,"fsLayers":[]}""")]
    [InlineData("""{"schemaVersion":2,"config":{"digest":"sha256:00","size":1},"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"config":{},"layers":[{}]}""")]
    [InlineData("""{"schemaVersion":2,"layers":[],"manifests":[]}""")]
    [InlineData("""{"schemaVersion":2,"mediaType":"text/html"}""")]
    [InlineData("""{"schemaVersion":"2"}""")]
    [InlineData("""[[[[[[[[""")]
    [InlineData("null")]
    [InlineData("")]
    public async Task ResolveAsync_NoManifest_IsRefused(string content)
    {
        _registry.Manifest = Encoding.UTF8.GetBytes(content);
        await FailsAsync(EngineFault.ImageRefused);
    }

    [Fact]
    public async Task ResolveAsync_LayersOfMoreThanAnyDisk_AreRefused()
    {
        string part = $"\"digest\":\"{FakeRegistry.DigestOf([])}\",\"size\":";
        string other = $"\"digest\":\"{FakeRegistry.DigestOf([1])}\",\"size\":";
        _registry.Manifest = Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"config":{ {{{part}}}1 },"layers":[{ {{{part}}}{{{long.MaxValue}}} },{ {{{other}}}{{{long.MaxValue}}} }]}""");
        await FailsAsync(EngineFault.ImageRefused, "larger than any disk");
    }

    [Theory]
    [InlineData(401, EngineFault.ImageDenied)]
    [InlineData(403, EngineFault.ImageDenied)]
    [InlineData(404, EngineFault.ImageNotFound)]
    [InlineData(418, EngineFault.ImageRefused)]
    [InlineData(429, EngineFault.RegistryUnavailable)]
    [InlineData(502, EngineFault.RegistryUnavailable)]
    internal async Task ResolveAsync_StatusOfAnError_IsItsKindAndItsBodyIsNotQuoted(int status, EngineFault fault)
    {
        _registry.Instead = http => Answer(http, status, "\u001b[31mbody of the registry"u8.ToArray());
        EngineException failed = await FailsAsync(fault, Image);
        Assert.DoesNotContain("body of the registry", failed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolveAsync_EndlessToken_IsRefused()
    {
        _registry.Instead = async http =>
        {
            if (http.Request.Path == "/token")
            {
                byte[] blank = new byte[4096];
                while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(blank, http.RequestAborted);
                return true;
            }
            return Challenge(http);
        };
        await FailsAsync(EngineFault.ImageRefused, "65536");
    }

    [Fact]
    public async Task ResolveAsync_Token_IsAskedForWithTheJobsAccountAndOurScope()
    {
        string scope = "";
        _registry.Instead = async http =>
        {
            if (http.Request.Path != "/token") return Challenge(http);
            scope = http.Request.Query["scope"].ToString();
            return await Answer(http, 200, """{"token":"abc"}"""u8.ToArray());
        };
        await _bench.ResolveAsync(Image, new RegistryCredentials("user", "secret"));
        Assert.Equal("repository:a/b:pull", scope);
        string basic = $"Basic {Convert.ToBase64String("user:secret"u8)}";
        Assert.All(_registry.Requests, request => Assert.Equal(request.Path == "/token" ? basic : request.Authorization.Length == 0 ? "" : "Bearer abc", request.Authorization));
    }

    [Fact]
    public async Task ResolveAsync_RedirectToAnotherHost_CarriesNoAccount()
    {
        await using var other = new FakeRegistry { Config = _registry.Config, Manifest = _registry.Manifest };
        _registry.Instead = http =>
        {
            if (http.Request.Headers.Authorization.Count == 0)
            {
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"x\"";
                return Answer(http, 401, []);
            }
            http.Response.Redirect($"http://{other.Address}{http.Request.Path}");
            return Task.FromResult(true);
        };
        await _bench.ResolveAsync(Image, new RegistryCredentials("user", "secret"));
        Assert.Contains(_registry.Requests, request => request.Authorization.StartsWith("Basic ", StringComparison.Ordinal));
        Assert.All(other.Requests, request => Assert.Equal("", request.Authorization));
        Assert.NotEmpty(other.Requests);
    }

    [Fact]
    public async Task ResolveAsync_RedirectsWithoutEnd_AreRefused()
    {
        _registry.Instead = http =>
        {
            http.Response.Redirect($"http://{_registry.Address}/again");
            return Task.FromResult(true);
        };
        await FailsAsync(EngineFault.ImageRefused, "redirects more than 5 times");
    }

    [Fact]
    public async Task ResolveAsync_MirrorOfTheEngineHasItNot_TheRegistryIsAsked()
    {
        _bench.Engine.Info.RegistryConfig!.Mirrors = [$"http://{_registry.Address}/"];
        Assert.Equal(FakeRegistry.DigestOf(_registry.Manifest), (await _bench.ResolveAsync("busybox")).Digest);
        Assert.Contains(_registry.Requests, request => request.Path == "/v2/library/busybox/manifests/latest");
    }

    [Fact]
    public async Task ResolveAsync_InsecureRegistryOfTheEngine_IsNamed()
    {
        await using var bench = new RegistryBench([]);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => bench.ResolveAsync(Image));
        Assert.Equal(EngineFault.ImageRefused, refused.Fault);
        bench.Engine.Info.RegistryConfig!.IndexConfigs = new Dictionary<string, IndexInfo> { [_registry.Address] = new() { Name = _registry.Address, Secure = false } };
        Assert.Equal(FakeRegistry.DigestOf(_registry.Manifest), (await bench.ResolveAsync(Image)).Digest);
    }

    [Fact]
    public async Task ResolveAsync_RegistriesOfPodman_AreMirrorsAndNames()
    {
        await using var bench = new RegistryBench([]);
        bench.Engine.Podman =
        [
            new PodmanRegistry("docker.io", "docker.io", false, [new PodmanRegistry("", _registry.Address, true, null)]),
            new PodmanRegistry(_registry.Address, _registry.Address, true, []),
        ];
        Assert.Equal(FakeRegistry.DigestOf(_registry.Manifest), (await bench.ResolveAsync("busybox")).Digest);
        Assert.Equal(FakeRegistry.DigestOf(_registry.Manifest), (await bench.ResolveAsync(Image)).Digest);
    }

    private static Task<bool> No => Task.FromResult(false);

    private static async Task<bool> Answer(HttpContext http, int status, byte[] content)
    {
        http.Response.StatusCode = status;
        await http.Response.Body.WriteAsync(content);
        return true;
    }

    private bool Challenge(HttpContext http)
    {
        if (http.Request.Headers.Authorization.Count > 0) return false;
        http.Response.StatusCode = 401;
        http.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{_registry.Address}/token\",service=\"s\",scope=\"repository:other/private:pull,push\"";
        return true;
    }

    private Task<EngineException> FailsAsync(EngineFault fault, params string[] words) => FailsOfAsync(Image, fault, words);

    private async Task<EngineException> FailsOfAsync(string image, EngineFault fault, params string[] words)
    {
        EngineException failed = await Assert.ThrowsAsync<EngineException>(() => _bench.ResolveAsync(image));
        Assert.Equal(fault, failed.Fault);
        Assert.All(words, word => Assert.Contains(word, failed.Message, StringComparison.Ordinal));
        Assert.Contains(image, failed.Message, StringComparison.Ordinal);
        return failed;
    }
}
