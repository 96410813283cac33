using Microsoft.Extensions.Logging;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>The operation's image is in the engine before its container is made.</summary>
internal sealed partial class PullImage(ImagePuller images, IPullDisplay display, TimeProvider time, ILogger<PullImage> logger) : IOpPrestart
{
    public async Task PrestartAsync(OpContext op, CancellationToken cancel)
    {
        if (op.Adopted is not null) return;
        DockerAuthentication? authentication = op.Args.Authentication;
        RegistryCredentials? credentials = authentication is { Username: { } user, Password: { } password }
            ? new RegistryCredentials(user, password, authentication.Server)
            : null;
        long began = time.GetTimestamp();
        bool pulled;
        using (IPullProgress progress = display.Begin(op.Args.Image)) pulled = await images.EnsureAsync(op.Args.Image, credentials, progress, cancel);
        if (pulled) LogPulled(op.Args.Image, time.GetElapsedTime(began).TotalSeconds);
    }

    [LoggerMessage(320, LogLevel.Information, "Image {Image} pulled in {Seconds:0.0} s")]
    private partial void LogPulled(string image, double seconds);
}
