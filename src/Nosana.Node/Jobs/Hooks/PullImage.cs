using System.Globalization;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
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
        _lease?.Dispose();
        using (IPullProgress shown = display.Begin(op.Args.Image)) _lease = await AcquireAsync(op, credentials, shown, cancel);
        op.ImageId = _lease.Image.Id;
        if (!_lease.Image.WasPresent) LogPulled(op.Args.Image, time.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>A pull that others wait for, too, may go on when this job has waited long enough.</summary>
    private async Task<ImageLease> AcquireAsync(OpContext op, RegistryCredentials? credentials, IPullProgress shown, CancellationToken cancel)
    {
        using var watch = new Watch(shown, StallWatch.LimitOf(op.Job.Request.Timeout), time, cancel);
        op.Preparing = () => $"image {op.Args.Image} {watch.Said}";
        try
        {
            return await images.AcquireAsync(op.Args.Image, credentials, watch, watch.Token);
        }
        catch (OperationCanceledException exception) when (watch.IsStalled && !cancel.IsCancellationRequested)
        {
            throw new EngineException(EngineFault.RegistryUnavailable,
                $"Image {op.Args.Image} cannot be pulled: it has not got on for {watch.Limit.TotalSeconds:0} s. "
                    + (watch.LastProblem ?? "Its registry, or the way to it, is at fault."), exception);
        }
    }

    public ValueTask StopAsync(OpContext op)
    {
        _lease?.Dispose();
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(320, LogLevel.Information, "Image {Image} pulled in {Seconds:0.0} s")]
    private partial void LogPulled(string image, double seconds);

    /// <summary>Passes a pull's progress on to who looks at it, and notices when there is none. The wait for one's turn does not count.</summary>
    private sealed class Watch(IProgress<PullProgress> shown, TimeSpan limit, TimeProvider time, CancellationToken cancel)
        : IProgress<PullProgress>, IDisposable
    {
        private readonly CancellationTokenSource _stalled = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        private StallWatch? _watch;
        private PullProgress _seen;

        public TimeSpan Limit => limit;

        public CancellationToken Token => _stalled.Token;

        public string? LastProblem { get; private set; }

        /// <summary>How far it is, for a person.</summary>
        public string Said => string.Create(CultureInfo.InvariantCulture,
            $"was being pulled, and {_seen.CurrentBytes / 1e6:0.0} of {_seen.TotalBytes / 1e6:0.0} MB had come")
            + (LastProblem is null ? "" : $" (the last problem: {LastProblem.TrimEnd('.')})");

        public bool IsStalled => _watch?.Stalled.IsCancellationRequested == true;

        public void Report(PullProgress value)
        {
            if (_watch is null)
            {
                _watch = new StallWatch(limit, time);
                _watch.Stalled.Register(_stalled.Cancel);
            }
            // A layer that is done is progress, however small it is.
            _watch.Received(value.LayersDone > _seen.LayersDone ? (long)limit.TotalSeconds * StallWatch.LeastBytesPerSecond : value.Moved - _seen.Moved);
            _seen = value;
            LastProblem = value.Problem ?? LastProblem;
            shown.Report(value);
        }

        public void Dispose()
        {
            _watch?.Dispose();
            _stalled.Dispose();
        }
    }
}
