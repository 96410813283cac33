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
    private const int SilentLooks = 4;

    private volatile bool _engineIsSilent;

    /// <summary>Until something has started, or the token ends it.</summary>
    /// <param name="silent">Cancelled when the engine is.</param>
    /// <param name="over">Ends it.</param>
    private async Task WatchEngineAsync(CancellationTokenSource silent, CancellationToken over)
    {
        try
        {
            for (int looks = 0; !AnythingStarted;)
            {
                looks = await containers.EngineAnswersAsync(over) ? 0 : looks + 1;
                if (looks == SilentLooks && !AnythingStarted)
                {
                    _hostFault ??= "the container engine does not answer: it hangs, or the machine is overloaded";
                    _engineIsSilent = true;
                    await silent.CancelAsync();
                    _changes.Writer.TryWrite(Change.Look);
                    return;
                }
                if (looks == 0) await Task.Delay(EngineInterval, time, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // the job is over
        }
    }
}
