using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Startup;

namespace Nosana.Node.Tests.Hosting.Startup;

public sealed class StartOrderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_WhatAStepFinds_IsThereForTheNextOne()
    {
        using IHost host = Build(services => services.ThenStart<Finder>().ThenStart<User>());
        Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<User>());
        await host.StartAsync(Cancel);
        Assert.Equal("found", host.Services.GetRequiredService<User>().Thing.Name);
    }

    [Fact]
    public async Task StartAsync_StepThatFailed_CanBeRunAgain()
    {
        using IHost host = Build(services => services.ThenStart<Finder>().ThenStart<User>());
        Finder finder = host.Services.GetRequiredService<Finder>();
        finder.Trouble = new CommandException("not now");
        await Assert.ThrowsAsync<CommandException>(() => host.StartAsync(Cancel));
        finder.Trouble = null;
        foreach (IHostedService service in host.Services.GetServices<IHostedService>()) await service.StartAsync(Cancel);
        Assert.Equal("found", host.Services.GetRequiredService<User>().Thing.Name);
    }

    [Fact]
    public async Task RunAsync_ServiceEndsByAFault_EndsTheHostWithFailed()
    {
        using IHost host = Build(services => services.ThenStart<Finder>().ThenStart<Broken>());
        Assert.Equal(ExitCodes.Failed, await NodeHost.RunAsync(host, Cancel));
    }

    [Fact]
    public async Task RunAsync_ToldToStop_EndsWithSuccess()
    {
        using IHost host = Build(services => services.ThenStart<Finder>());
        using var told = new CancellationTokenSource();
        Task<int> run = NodeHost.RunAsync(host, told.Token);
        await told.CancelAsync();
        Assert.Equal(ExitCodes.Success, await run);
    }

    private static IHost Build(Action<IServiceCollection> register)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddStartValue<Thing>();
        register(builder.Services);
        return builder.Build();
    }

    private sealed record Thing(string Name);

    private sealed class Finder(StartValue<Thing> thing) : StartStep
    {
        public Exception? Trouble { get; set; }

        public override Task StartAsync(CancellationToken cancellationToken)
        {
            if (Trouble is not null) throw Trouble;
            thing.Found(new Thing("found"));
            return Task.CompletedTask;
        }
    }

    private sealed class User(Thing thing) : StartStep
    {
        public Thing Thing => thing;

        public override Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Broken : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("a fault of the program");
        }
    }
}
