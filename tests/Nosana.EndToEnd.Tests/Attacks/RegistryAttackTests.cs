using Docker.DotNet.Models;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Images;
using Nosana.Node.Retries;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>Through the registry that a definition names: what it answers, and where it leads.</summary>
[Collection(LanStandIn.Addresses)]
public sealed class RegistryAttackTests : AttackClass
{
    /// <summary>The agent goes away from it, too: it does not read for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Pull_ManifestIsGarbage_FailsAndNamesTheImage()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.GarbageManifest);
        EngineException failed = await FailsAsync(registry, EngineFault.ImageRefused);
        Assert.Contains(registry.Image, failed.Message, StringComparison.Ordinal);
        await HonestAsync();
    }

    [Fact]
    public async Task Pull_ManifestHasNoEnd_IsGivenUp()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.EndlessManifest);
        await FailsAsync(registry, EngineFault.ImageRefused);
        await registry.ClientGone.WaitAsync(Patience, Token);
        await HonestAsync();
    }

    [Fact]
    public async Task Pull_LayerIsNotWhatItsDigestSays_Fails()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.OtherLayer);
        await FailsAsync(registry, EngineFault.ImageRefused);
        await HonestAsync();
    }

    [Fact]
    public async Task Pull_LayerHasNoEnd_IsGivenUp()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.EndlessLayer);
        await FailsAsync(registry, EngineFault.ImageRefused);
        await registry.ClientGone.WaitAsync(Patience, Token);
        await HonestAsync();
    }

    [Fact]
    public async Task Pull_LayerAtAnAddressOfItsOwn_IsRefused()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.LayerElsewhere);
        await FailsAsync(registry, EngineFault.ImageRefused);
        await HonestAsync();
    }

    [Fact]
    public async Task Pull_RegistryIsSilent_IsGivenUp()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.Silence);
        await FailsAsync(registry, EngineFault.RegistryUnavailable);
        await HonestAsync();
    }

    [Theory]
    [InlineData("https://169.254.169.254/latest/api/token")]
    [InlineData("https://127.0.0.1:8443/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://10.0.0.1/token")]
    public async Task Realm_NotPublic_IsNeverConnectedTo(string realm)
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.None, isPublic: true) { Realm = new Uri(realm) };
        using var internet = new StandInInternet(registry, isGuarded: true);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync(registry, internet));
        Assert.Equal((EngineFault.ImageRefused, FaultOwner.Definition), (refused.Fault, refused.Owner));
        Assert.Equal(0, internet.InnerRequests);
        Assert.DoesNotContain(registry.Authorizations, line => line.Contains(StandInInternet.Secret, StringComparison.Ordinal));

        using var open = new StandInInternet(registry, isGuarded: false);
        await PullAsync(registry, open);
        Assert.Equal(1, open.InnerRequests);
        Assert.Contains(registry.Authorizations, line => line.Contains(StandInInternet.Secret, StringComparison.Ordinal));
        await RemoveAsync(registry);
    }

    [Fact]
    public async Task Realm_AnswersWithAnError_IsNotQuoted()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.None, isPublic: true) { Realm = new Uri("https://127.0.0.1:8443/") };
        using var open = new StandInInternet(registry, isGuarded: false, innerStatus: 403);
        EngineException denied = await Assert.ThrowsAsync<EngineException>(() => PullAsync(registry, open));
        Assert.Equal((EngineFault.ImageDenied, 1), (denied.Fault, open.InnerRequests));
        Assert.DoesNotContain(StandInInternet.Secret, denied.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Redirect_ToAnAddressThatIsNotPublic_IsRefused(bool ofManifests)
    {
        var inside = new Uri("https://192.168.1.1/firmware");
        using var registry = new HostileRegistry(HostileRegistry.Lie.None, isPublic: true)
        {
            ManifestsElsewhere = ofManifests ? inside : null,
            BlobsElsewhere = ofManifests ? null : inside,
        };
        using var internet = new StandInInternet(registry, isGuarded: true);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync(registry, internet));
        Assert.Equal((EngineFault.ImageRefused, 0), (refused.Fault, internet.InnerRequests));

        using var open = new StandInInternet(registry, isGuarded: false);
        EngineException garbage = await Assert.ThrowsAsync<EngineException>(() => PullAsync(registry, open));
        Assert.Equal((EngineFault.ImageRefused, 1), (garbage.Fault, open.InnerRequests));
        Assert.DoesNotContain(StandInInternet.Secret, garbage.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registry_OfTheMachineItself_IsRefusedUnlessItIsNamed()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.None);
        await using (var pulls = new TestPulls(Tenant.Client, []))
        {
            EngineException refused = await Assert.ThrowsAsync<EngineException>(() => pulls.Puller.PullAsync(registry.Image, cancellationToken: Token));
            Assert.Equal((EngineFault.ImageRefused, FaultOwner.Definition), (refused.Fault, refused.Owner));
            Assert.Contains("--registry", refused.Message, StringComparison.Ordinal);
            Assert.Empty(registry.Authorizations);
        }
        await PullAsync(registry);
        await RemoveAsync(registry);
    }

    /// <summary>The control: the same registry, telling the truth, serves the image.</summary>
    private async Task HonestAsync()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.None);
        await PullAsync(registry);
        await RemoveAsync(registry);
    }

    private async Task<EngineException> FailsAsync(HostileRegistry registry, EngineFault fault)
    {
        EngineException failed = await Assert.ThrowsAsync<EngineException>(() => PullAsync(registry));
        Assert.Equal(fault, failed.Fault);
        return failed;
    }

    /// <summary>The registry is one that the operator named, or one of the internet.</summary>
    private async Task PullAsync(HostileRegistry registry, StandInInternet? internet = null)
    {
        var options = new PullOptions { Retry = RetryPipelines.ImagePull with { Tries = 1 }, Inactivity = TimeSpan.FromSeconds(20) };
        await using var pulls = new TestPulls(
            Tenant.Client, internet is null ? [registry.Address] : [], options: options, connect: internet is null ? null : internet.ConnectAsync);
        await pulls.Puller.PullAsync(registry.Image, cancellationToken: Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
    }

    private Task RemoveAsync(HostileRegistry registry) =>
        Tenant.Client.DeleteImageAsync(OwnNames.Of(ImageReference.Parse(registry.Image)), new ImageDeleteParameters { Force = true }, Token);
}
