using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Journal;

namespace Nosana.EndToEnd.Tests.Engine.Images;

/// <summary>A registry that asks who is there: the job's own account, the operator's in its file, and one that a helper keeps.</summary>
public sealed class RegistryAccountTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("nosana-account-tests-").FullName;
    private readonly TestEngine _engine = new();
    private LoopbackRegistry _registry = null!;
    private string _image = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static RegistryCredentials Account { get; } = new(GuardedRegistry.User, GuardedRegistry.Password);

    private EngineClient Client => _engine.Client;

    public async ValueTask InitializeAsync()
    {
        _registry = await GuardedRegistry.StartAsync();
        _image = $"{_registry.Address}/guarded:1";
        await TestImages.PushAsync(Client, _image, new AuthConfig { Username = GuardedRegistry.User, Password = GuardedRegistry.Password, ServerAddress = _registry.Address });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string name in (string[])[_image, OwnNames.Of(ImageReference.Parse(_image)), OwnNames.Of(ImageReference.Parse(_image), Account)])
            if (await TestImages.HasAsync(Client, name)) await Client.DeleteImageAsync(name, new ImageDeleteParameters());
        await _registry.DisposeAsync();
        _engine.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Run_JobsOwnAccount_PullsAndAnotherJobWithoutOneDoesNotGetIt()
    {
        await using Parts parts = Open("{}", _registry.Address);
        using (ImageLease lease = await parts.Store.AcquireAsync(_image, Account, cancellationToken: Token))
            Assert.False(lease.Image.WasPresent);
        Assert.True(await TestImages.HasAsync(Client, OwnNames.Of(ImageReference.Parse(_image), Account)));
        Assert.False(await TestImages.HasAsync(Client, _image));
        EngineException denied = await Assert.ThrowsAsync<EngineException>(() => parts.Store.AcquireAsync(_image, cancellationToken: Token));
        Assert.Equal((EngineFault.ImageDenied, FaultOwner.Definition), (denied.Fault, denied.Owner));
    }

    [Fact]
    public async Task Run_DefinitionWithItsAccount_RunsTheImage()
    {
        (int code, string output, string text) = await RunAsync(GuardedRegistry.Password);
        Assert.True(code == 0, text);
        Assert.Equal(["from the guarded image"], Definitions.LinesOf(Definitions.Op(JsonNode.Parse(output)!)));
        Assert.DoesNotContain(GuardedRegistry.Password, text.Replace(output, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DefinitionWithAWrongPassword_IsItsOwnErrorAndSaysWhatToDo()
    {
        (int code, string output, string text) = await RunAsync("wrong-one");
        Assert.True(code == 1, text);
        JsonNode error = Assert.Single(Definitions.Op(JsonNode.Parse(output)!)["errors"]!.AsArray())!;
        string message = error["message"]!.GetValue<string>();
        Assert.Contains(_image, message, StringComparison.Ordinal);
        Assert.Contains("give credentials that may read it", message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-one", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_OperatorsAccountInTheFile_Pulls()
    {
        string auth = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{GuardedRegistry.User}:{GuardedRegistry.Password}"));
        await using Parts parts = Open($$$$"""{"auths":{"{{{{_registry.Address}}}}":{"auth":"{{{{auth}}}}"}}}""");
        using ImageLease lease = await parts.Store.AcquireAsync(_image, cancellationToken: Token);
        Assert.False(lease.Image.WasPresent);
    }

    [Theory]
    [InlineData("credHelpers")]
    [InlineData("credsStore")]
    public async Task Acquire_AccountOfAHelper_Pulls(string kind)
    {
        await HelperAsync($$$"""read -r server; [ "$server" = "{{{_registry.Address}}}" ] && echo '{"Username":"{{{GuardedRegistry.User}}}","Secret":"{{{GuardedRegistry.Password}}}"}'""");
        await using Parts parts = Open(kind == "credsStore" ? """{"credsStore":"test"}""" : $$$"""{"credHelpers":{"{{{_registry.Address}}}":"test"}}""");
        using ImageLease lease = await parts.Store.AcquireAsync(_image, cancellationToken: Token);
        Assert.False(lease.Image.WasPresent);
        Assert.Empty(parts.Warnings);
    }

    [Fact]
    public async Task Acquire_HelperFails_IsToldAndTheRegistrySaysNo()
    {
        await HelperAsync("echo 'keychain is locked'; exit 1");
        await using Parts parts = Open("""{"credsStore":"test"}""", _registry.Address);
        EngineException denied = await Assert.ThrowsAsync<EngineException>(() => parts.Store.AcquireAsync(_image, cancellationToken: Token));
        Assert.Equal(EngineFault.ImageDenied, denied.Fault);
        Assert.Contains("keychain is locked", Assert.Single(parts.Warnings), StringComparison.Ordinal);
        Assert.Empty(parts.Journal.CachedImages());
    }

    private async Task<(int Code, string Output, string Text)> RunAsync(string password)
    {
        JsonNode definition = JsonNode.Parse(Definitions.Exec("/busybox", "echo", "from the guarded image"))!;
        JsonNode args = definition["ops"]![0]!["args"]!;
        args["image"] = _image;
        args["authentication"] = new JsonObject { ["docker"] = new JsonObject { ["username"] = GuardedRegistry.User, ["password"] = password } };
        return await NodeProcess.RunAsync(_home, "run", NodeProcess.Write(_home, definition.ToJsonString()), "--docker", _engine.Endpoint.OriginalString, "--registry", _registry.Address);
    }

    private async Task HelperAsync(string script)
    {
        string path = Path.Combine(_home, "docker-credential-test");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{script}\n", Token);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Parts Open(string config, params string[] named)
    {
        File.WriteAllText(Path.Combine(_home, "config.json"), config);
        return new Parts(Client, _home, named);
    }

    private sealed class Parts : IAsyncDisposable, ILogger<CredentialHelpers>
    {
        private readonly TestPulls _pulls;
        private readonly ImageCache _cache;

        public Parts(EngineClient client, string home, string[] named)
        {
            var accounts = new DockerConfigFile(Path.Combine(home, "config.json"), new CredentialHelpers([home], this));
            _pulls = new TestPulls(client, named, accounts);
            _cache = new ImageCache(client, _pulls.Puller, new EngineDisk(client, isHere: true), Journal, new ImageCacheOptions { FreeBytes = 0 }, NullLogger<ImageCache>.Instance);
            Store = new ImageStore(_pulls.Puller, _cache, NullLogger<ImageStore>.Instance);
        }

        public JournalStore Journal { get; } = JournalStore.InMemory(TimeProvider.System);

        public ImageStore Store { get; }

        public List<string> Warnings { get; } = [];

        public async ValueTask DisposeAsync()
        {
            _cache.Dispose();
            await _pulls.DisposeAsync();
            Journal.Dispose();
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Warnings.Add(formatter(state, exception));
    }
}
