using Nosana.JobDefinition.Model;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>The operation's image is in the engine before its container is made, and stays there as long as the operation runs.</summary>
internal sealed partial class PullImage(ImageStore images, IPullDisplay display, TimeProvider time, ILogger<PullImage> logger) : IOpPrestart, IOpStop
{
    private ImageLease? _lease;

    public string FailureEvent => OpError.ImagePull;

    public async Task PrestartAsync(OpContext op, CancellationToken cancel)
    {
        DockerAuthentication? authentication = op.Args.Authentication;
        RegistryCredentials? credentials = authentication is { Username: { } user, Password: { } password }
            ? new RegistryCredentials(user, password, authentication.Server)
            : null;
        long began = time.GetTimestamp();
        using (IPullProgress progress = display.Begin(op.Args.Image)) _lease = await images.AcquireAsync(op.Args.Image, credentials, progress, cancel);
        op.ImageId = _lease.Image.Id;
        if (!_lease.Image.WasPresent) LogPulled(op.Args.Image, time.GetElapsedTime(began).TotalSeconds);
    }

    public ValueTask StopAsync(OpContext op)
    {
        _lease?.Dispose();
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(320, LogLevel.Information, "Image {Image} pulled in {Seconds:0.0} s")]
    private partial void LogPulled(string image, double seconds);
}
