using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>The order in which hooks act at every moment of a <c>container/run</c>.</summary>
internal static class OpHooks
{
    public static IServiceCollection AddOpHooks(this IServiceCollection services)
    {
        services.TryAddEnumerable(
        [
            // First: its own image and its greeting take time, too.
            Hook<OpenTunnel>(),
            // Before the image, which may take long: who asks for a port meanwhile is told so.
            Hook<AnnouncePorts>(),
            Hook<PullImage>(),
            Hook<CheckEgress>(),
            Hook<JoinNetwork>(),
            Hook<MountVolumes>(),
            Hook<FetchResources>(),
            // Before an operation is told to be ready.
            Hook<NoteAddress>(),
            // Before the output, which may take a while to drain at the end: a name must not outlive its container.
            Hook<ExposePorts>(),
            Hook<CaptureLogs>(),
            Hook<WatchDisk>(),
            Hook<ExtractResults>(),
        ]);
        return services;
    }

    /// <summary>A fresh set for every run of an operation: hooks keep what they hold.</summary>
    public static IReadOnlyList<IOpHook> InOrder(IServiceProvider services) => [.. services.GetServices<IOpHook>()];

    private static ServiceDescriptor Hook<T>() where T : class, IOpHook => ServiceDescriptor.Transient<IOpHook, T>();
}
