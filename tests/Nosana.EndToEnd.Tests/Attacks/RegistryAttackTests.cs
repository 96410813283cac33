using Docker.DotNet.Models;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Images;
using Nosana.Node.Retries;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>Through the registry that a definition names. The engine parses what it answers; the agent bounds how long it may go on.</summary>
public sealed class RegistryAttackTests : AttackClass
{
    [Fact]
    public async Task Pull_ManifestIsGarbage_FailsAndNamesTheImage()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.GarbageManifest);
        var failed = await Assert.ThrowsAsync<EngineException>(() => PullAsync(registry));
        Assert.Contains(registry.Image, failed.Message, StringComparison.Ordinal);
        await HonestAsync();
    }

    [Fact]
    public async Task Pull_ManifestHasNoEnd_IsGivenUp()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.EndlessManifest);
        await Assert.ThrowsAsync<EngineException>(() => PullAsync(registry));
        // The engine went away from it, too: it does not go on reading for ever.
        await registry.ClientGone.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await HonestAsync();
    }

    [Fact]
    public async Task Pull_LayerIsNotWhatItsDigestSays_Fails()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.OtherLayer);
        await Assert.ThrowsAsync<EngineException>(() => PullAsync(registry));
        await HonestAsync();
    }

    [Fact]
    public async Task Pull_RegistryIsSilent_IsGivenUp()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.Silence);
        await Assert.ThrowsAsync<EngineException>(() => PullAsync(registry));
        await HonestAsync();
    }

    /// <summary>The control: the same registry, telling the truth, serves the image.</summary>
    private async Task HonestAsync()
    {
        using var registry = new HostileRegistry(HostileRegistry.Lie.None);
        await PullAsync(registry);
        await Tenant.Client.DeleteImageAsync(OwnNames.Of(ImageReference.Parse(registry.Image)), new ImageDeleteParameters { Force = true }, Token);
    }

    private async Task PullAsync(HostileRegistry registry)
    {
        var options = new PullOptions { Retry = RetryPipelines.ImagePull with { Tries = 1 }, Inactivity = TimeSpan.FromSeconds(4) };
        await using var pulls = new TestPulls(Tenant.Client, [registry.Address], options: options);
        await pulls.Puller.PullAsync(registry.Image, cancellationToken: Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
    }
}
