using Nosana.Node.Engine.Containers;

namespace Nosana.Node.Jobs;

/// <summary>
/// An engine that takes connections and answers nothing must not hold a job of which nothing has started: its poster would pay for the silence. What has
/// started is waited for.
/// </summary>
internal sealed partial class JobRunner
{
    /// <summary>Between two looks whether the engine answers.</summary>
    public static readonly TimeSpan EngineInterval = TimeSpan.FromSeconds(5);

    /// <summary>Looks in a row without an answer, each as long as <see cref="ContainerRuntime.LongestSilence"/>, after which it is silent.</summary>
    private const int SilentLooks = 2;

    private readonly CancellationTokenSource _engineSilent = new();

    private bool EngineIsSilent => _engineSilent.IsCancellationRequested;

    /// <summary>Until something has started, or the token ends it.</summary>
    private async Task WatchEngineAsync(CancellationToken over)
    {
        try
        {
            for (int silent = 0; !AnythingStarted;)
            {
                silent = await containers.EngineAnswersAsync(over) ? 0 : silent + 1;
                if (silent == SilentLooks && !AnythingStarted)
                {
                    _hostFault ??= "the container engine does not answer: it hangs, or the machine is overloaded";
                    await _engineSilent.CancelAsync();
                    _changes.Writer.TryWrite(Change.Look);
                    return;
                }
                if (silent == 0) await Task.Delay(EngineInterval, time, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // the job is over
        }
    }
}
