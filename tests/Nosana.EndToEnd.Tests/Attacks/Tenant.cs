using Docker.DotNet.Models;
using Nosana.Docker;
using ContainerSpec = Nosana.Node.Engine.Containers.ContainerSpec;
using Nosana.EndToEnd.Tests.Engine;
using Nosana.Node.Engine.Containers;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>
/// One job whose containers attack. Each attack is a shell line that ends with 0 when it succeeds; the control is the same line in a
/// container that is made the same way but for the one protection.
/// </summary>
internal sealed class Tenant : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly TenantEngine _engine;
    private readonly TestEngine _raw = new();
    private int _containers;

    private Tenant(TenantEngine engine, string job) => (_engine, Job) = (engine, job);

    public string Job { get; }

    public TenantEngine Engine => _engine;

    public EngineClient Client => _raw.Client;

    /// <summary>Path of the engine's socket on this machine.</summary>
    public string Socket => _raw.Endpoint.LocalPath;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Tenant> OpenAsync()
    {
        TenantEngine engine = await TenantEngine.OpenAsync();
        return new Tenant(engine, await engine.NewJobAsync());
    }

    /// <summary>A container of the job that is not made yet.</summary>
    public ContainerSpec Spec(string line, string? job = null) =>
        TenantEngine.Shell(job ?? Job, line) with { Name = $"{job ?? Job}-{Interlocked.Increment(ref _containers)}" };

    /// <summary>The attack fails under the profile and succeeds with the protection off.</summary>
    /// <param name="attack">Ends with 0 when it succeeds.</param>
    /// <param name="unprotected">Takes the protection off.</param>
    /// <param name="profile">The one that protects; null is the default.</param>
    public async Task FailsAsync(string attack, Action<CreateContainerParameters> unprotected, HardeningProfile? profile = null)
    {
        (Outcome guarded, Outcome open) = await BothAsync(Spec(attack), profile ?? new HardeningProfile(), unprotected);
        Assert.True(guarded.ExitCode != 0, $"The attack succeeded: {attack}\n{guarded.Output}");
        Assert.True(open.ExitCode == 0, $"The control failed, so the attack proves nothing: {attack}\nexit code {open.ExitCode}: {open.Output}");
    }

    /// <summary>The same with a control that the profile itself expresses.</summary>
    public async Task FailsAsync(string attack, HardeningProfile profile, HardeningProfile unprotected)
    {
        Task<Outcome> guarding = RunAsync(Spec(attack), profile), opening = RunAsync(Spec(attack), unprotected);
        Outcome guarded = await guarding, open = await opening;
        Assert.True(guarded.ExitCode != 0, $"The attack succeeded: {attack}\n{guarded.Output}");
        Assert.True(open.ExitCode == 0, $"The control failed, so the attack proves nothing: {attack}\nexit code {open.ExitCode}: {open.Output}");
    }

    /// <summary>Runs one container as the agent makes it, and one with a change.</summary>
    public async Task<(Outcome Guarded, Outcome Open)> BothAsync(ContainerSpec spec, HardeningProfile profile, Action<CreateContainerParameters> unprotected)
    {
        Task<Outcome> guarding = RunAsync(spec, profile), opening = RunRawAsync(spec with { Name = spec.Name + "-open" }, profile, unprotected);
        return (await guarding, await opening);
    }

    public async Task<Outcome> RunAsync(ContainerSpec spec, HardeningProfile? profile = null) =>
        await EndAsync(await _engine.StartAsync(spec, profile));

    public async Task<Outcome> RunRawAsync(ContainerSpec spec, HardeningProfile profile, Action<CreateContainerParameters> change) =>
        await EndAsync(await StartRawAsync(spec, profile, change));

    public async Task<string> StartRawAsync(ContainerSpec spec, HardeningProfile profile, Action<CreateContainerParameters> change)
    {
        CreateContainerParameters parameters = ContainerSpecWriter.Write(spec, profile);
        change(parameters);
        string id = (await Client.CreateContainerAsync(parameters, Token)).ID;
        await Client.StartContainerAsync(id, Token);
        return id;
    }

    /// <summary>Waits for the end of a container and reads what it printed.</summary>
    public async Task<Outcome> EndAsync(string id)
    {
        ContainerSnapshot ended = await _engine.Runtime.WaitAsync(id, Token).WaitAsync(Longest, Token);
        return new Outcome(id, ended.Exit!.ExitCode, await _engine.OutputAsync(id));
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _raw.Dispose();
    }

    internal sealed record Outcome(string Id, long ExitCode, string Output);
}
