using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Nosana.Node.Hosting.Startup;

/// <summary>A step of the start: something that must have been done or found before what comes after it. It may be run again after it has failed.</summary>
internal abstract class StartStep : IHostedService
{
    /// <exception cref="CommandException">It cannot be done, whenever it is tried; the message says why.</exception>
    public abstract Task StartAsync(CancellationToken cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>
/// A service of the host that is made only when it is its turn to start, with what the ones before have found. Here faults that pass would
/// be waited out: a step that has failed leaves nothing behind, and can be started again.
/// </summary>
internal sealed class InTurn<T>(IServiceProvider services) : BackgroundService where T : class, IHostedService
{
    private T? _service;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        T service = services.GetRequiredService<T>();
        await service.StartAsync(cancellationToken);
        _service = service;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_service is not null) await _service.StopAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    /// <summary>The host ends when the work of one of its services does so by a fault.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => (_service as BackgroundService)?.ExecuteTask ?? Task.CompletedTask;
}

internal static class StartOrder
{
    /// <summary>Starts a service after all that were named before it, and stops it before them.</summary>
    public static IServiceCollection ThenStart<T>(this IServiceCollection services) where T : class, IHostedService
    {
        services.TryAddSingleton<T>();
        return services.AddHostedService<InTurn<T>>();
    }
}
