using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.EndToEnd.Tests.Engine.Images;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Journal;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>Through what a name means on the engine: for the operator, for this agent and for other jobs.</summary>
public sealed class ImageNameAttackTests : AttackClass
{
    private const string Helper = "nosana-node/empty:1";

    private static readonly RegistryCredentials Account = new("u", "p");

    private readonly JournalStore _journal = JournalStore.InMemory(TimeProvider.System);

    private static string Registry => Environment.GetEnvironmentVariable("NOSANA_TEST_REGISTRY")!;

    public override async ValueTask DisposeAsync()
    {
        _journal.Dispose();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tag_OfTheOperator_IsNotMovedByAJobsOwnAccount(bool isHere)
    {
        string image = $"operator/app-{Guid.NewGuid():N}:1";
        await TestImages.PushAsync(Tenant.Client, $"{Registry}/{image}"); // what the attacker has under the name at its registry
        await TagAsync("busybox", image);
        string before = await IdOfAsync(image);
        await using var pulls = new TestPulls(Tenant.Client, [], isHere: isHere);
        using ImageCache cache = Cache(pulls.Puller);
        var store = new ImageStore(pulls.Puller, cache, NullLogger<ImageStore>.Instance);
        string theirs;
        using (ImageLease lease = await store.AcquireAsync(image, Account, cancellationToken: Token))
        {
            theirs = lease.Image.Id;
            Assert.NotEqual(before, theirs);
            Assert.Equal(before, await IdOfAsync(image));
        }
        // Others who name it get the operator's.
        using (ImageLease others = await store.AcquireAsync(image, cancellationToken: Token)) Assert.Equal(before, others.Image.Id);

        using var open = new ImagePuller(
            Tenant.Client, new EngineDelivery(Tenant.Client, new DockerConfigFile("/nonexistent/config.json")), new PullOptions(), NullLogger<ImagePuller>.Instance);
        await open.PullAsync(image, Account, cancellationToken: Token);
        Assert.Equal(theirs, await IdOfAsync(image));
        foreach (string name in (string[])[image, OwnNames.Of(ImageReference.Parse(image), Account)]) await RemoveAsync(name);
    }

    [Fact]
    public async Task Image_OfAnotherJobsAccount_IsNotGivenToOthers()
    {
        await using LoopbackRegistry registry = await GuardedRegistry.StartAsync();
        string image = $"{registry.Address}/guarded:1";
        var account = new RegistryCredentials(GuardedRegistry.User, GuardedRegistry.Password);
        await TestImages.PushAsync(
            Tenant.Client, image, new AuthConfig { Username = account.Username, Password = account.Password, ServerAddress = registry.Address });
        await using var pulls = new TestPulls(Tenant.Client, [registry.Address]);
        using ImageCache cache = Cache(pulls.Puller);
        var store = new ImageStore(pulls.Puller, cache, NullLogger<ImageStore>.Instance);
        using ImageLease lease = await store.AcquireAsync(image, account, cancellationToken: Token);
        foreach (RegistryCredentials? other in (RegistryCredentials?[])[null, account with { Password = "wrong" }])
        {
            EngineException denied = await Assert.ThrowsAsync<EngineException>(() => store.AcquireAsync(image, other, cancellationToken: Token));
            Assert.Equal(EngineFault.ImageDenied, denied.Fault);
        }
        // The name under which it lies is no way to it, either; without that rule it would be.
        string name = OwnNames.Of(ImageReference.Parse(image), account);
        EngineException reserved = await Assert.ThrowsAsync<EngineException>(() => store.AcquireAsync(name, cancellationToken: Token));
        Assert.Equal(EngineFault.InvalidReference, reserved.Fault);
        Assert.Equal(lease.Image.Id, (await pulls.Puller.FindAsync(name, Token))!.Id);
        lease.Dispose();
        await RemoveAsync(name);
    }

    [Fact]
    public async Task Image_OfARegistryOfThisMachine_IsNotGivenAlsoWhenItIsHere()
    {
        string image = $"{Registry}/private-{Guid.NewGuid():N}:1";
        await TagAsync("busybox", image);
        await using var pulls = new TestPulls(Tenant.Client, []);
        using ImageCache cache = Cache(pulls.Puller);
        var store = new ImageStore(pulls.Puller, cache, NullLogger<ImageStore>.Instance);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => store.AcquireAsync(image, cancellationToken: Token));
        Assert.Equal(EngineFault.ImageRefused, refused.Fault);

        await using var named = new TestPulls(Tenant.Client, [Registry]);
        using (ImageLease lease = await new ImageStore(named.Puller, cache, NullLogger<ImageStore>.Instance).AcquireAsync(image, cancellationToken: Token))
            Assert.True(lease.Image.WasPresent);
        await RemoveAsync(image);
    }

    [Fact]
    public async Task Helper_ItsNameGivenToAnotherImage_IsMadeAnew()
    {
        await TagAsync("busybox", Helper);
        string poisoned = await IdOfAsync(Helper);
        await using (var pulls = new TestPulls(Tenant.Client, []))
        {
            using ImageCache cache = Cache(pulls.Puller);
            var store = new ImageStore(pulls.Puller, cache, NullLogger<ImageStore>.Instance);
            EngineException refused = await Assert.ThrowsAsync<EngineException>(() => store.AcquireAsync(Helper, Account, cancellationToken: Token));
            Assert.Equal((EngineFault.InvalidReference, FaultOwner.Definition), (refused.Fault, refused.Owner));
        }
        string volume = $"{Tenant.Job}-copy", other = $"{Tenant.Job}-other";
        var labels = new Dictionary<string, string> { [EngineLabels.Job] = Tenant.Job };
        var filler = new VolumeFiller(Tenant.Client, new ResourceOptions { StagingDirectory = "/nonexistent", Labels = labels });
        await filler.CreateAsync(volume, "key", Token);
        await filler.CreateAsync(other, "key", Token);
        await filler.CopyAsync(volume, other, "key", Token);
        Assert.NotEqual(poisoned, await IdOfAsync(Helper));
        Assert.Equal(0, (await Tenant.Client.InspectImageAsync(Helper, Token)).Size);

        // The control: what is made of the name is made of whatever has it.
        await TagAsync("busybox", Helper);
        CreateContainerResponse open = await Tenant.Client.CreateContainerAsync(
            new CreateContainerParameters { Image = Helper, Cmd = ["-"], Labels = labels, HostConfig = new HostConfig { NetworkMode = "none" } }, Token);
        Assert.Equal(poisoned, (await Tenant.Client.InspectContainerAsync(open.ID, Token)).Image);
        await Tenant.Client.RemoveContainerAsync(open.ID, new ContainerRemoveParameters { Force = true }, Token);
        foreach (string name in (string[])[volume, other]) await Tenant.Client.RemoveVolumeAsync(name, Token);
        await RemoveAsync(Helper);
    }

    private ImageCache Cache(ImagePuller puller) => new(
        Tenant.Client, puller, new EngineDisk(Tenant.Client, isHere: true), _journal, new ImageCacheOptions { FreeBytes = 0 }, NullLogger<ImageCache>.Instance);

    private Task TagAsync(string image, string name)
    {
        int colon = name.LastIndexOf(':');
        return Tenant.Client.TagImageAsync(image, name[..colon], name[(colon + 1)..], Token);
    }

    private async Task<string> IdOfAsync(string name) => (await Tenant.Client.InspectImageAsync(name, Token)).ID;

    private Task RemoveAsync(string name) => Tenant.Client.DeleteImageAsync(name, new ImageDeleteParameters { Force = true }, Token);
}
