using Microsoft.Extensions.Logging;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>The operation's image is in the engine before its container is made.</summary>
internal sealed partial class PullImage(ImagePuller images, IPullDisplay display, TimeProvider time, ILogger<PullImage> logger) : IOpPrestart
{
    public string FailureEvent => OpError.ImagePull;

    public async Task PrestartAsync(OpContext op, CancellationToken cancel)
    {
        DockerAuthentication? authentication = op.Args.Authentication;
        RegistryCredentials? credentials = authentication is { Username: { } user, Password: { } password }
            ? new RegistryCredentials(user, password, authentication.Server)
            : null;
        long began = time.GetTimestamp();
        PulledImage image;
        using (IPullProgress progress = display.Begin(op.Args.Image)) image = await images.EnsureAsync(op.Args.Image, credentials, progress, cancel);
        if (!image.WasPresent) LogPulled(op.Args.Image, time.GetElapsedTime(began).TotalSeconds);
    }

    [LoggerMessage(320, LogLevel.Information, "Image {Image} pulled in {Seconds:0.0} s")]
    private partial void LogPulled(string image, double seconds);
}
