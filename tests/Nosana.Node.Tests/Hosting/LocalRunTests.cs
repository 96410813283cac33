using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.Node.Engine.Prefetch;
using Nosana.Node.Exposure;
using Nosana.Node.Gpus;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Jobs;
using Nosana.Node.Tests.Logs;
using Nosana.Node.Tests.Support;

namespace Nosana.Node.Tests.Hosting;

/// <summary>What <c>run</c> is put together from, on an engine in memory.</summary>
public sealed class LocalRunTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeEngine _engine = new(TimeProvider.System);

    public void Dispose()
    {
        _engine.Dispose();
        _directory.Dispose();
    }

    /// <summary>Validated here, not at each start of a short verb.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PrepareAsync_EngineAnswers_WhatRunNeedsCanBeMade(bool cached)
    {
        GivenFlag key = new(SettingsTable.Of("key"), "--key", [Path.Combine(_directory.Path, "none.json")]);
        NodeSettings settings = NodeSettings.Load([key], new Dictionary<string, string>(), "/nonexistent/config.json");
        await using LocalRun run = await LocalRun.PrepareAsync(
            settings,
            NullLoggerFactory.Instance,
            cached ? Path.Combine(_directory.Path, "cache") : null,
            port: 0,
            services => services.AddSingleton<IEngineClient>(_engine).AddSingleton<IPullDisplay>(new NoPullDisplay()),
            TestContext.Current.CancellationToken);
        Type[] needed = [typeof(JobRunnerFactory), typeof(ExposureServer), typeof(ISlotGpus), typeof(Prefetcher)];
        Assert.All(needed, type => Assert.NotNull(run.Services.GetRequiredService(type)));
        Assert.Equal(run.Id, run.Wallet);
        Assert.Equal(32, run.Id.Length);
    }
}
