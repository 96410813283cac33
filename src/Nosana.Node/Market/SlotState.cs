namespace Nosana.Node.Market;

/// <summary>What a slot does, for whoever looks after the machine.</summary>
/// <param name="Text">One line: its place in the queue, its job, or why it is out of the queue.</param>
/// <param name="Since">When the worker said so: with every look at the queue, which it takes every minute unless it serves a job.</param>
/// <param name="IsServing">Whether it serves a job, which takes as long as the job.</param>
/// <param name="Activity">The same in a word.</param>
internal sealed record SlotState(string Text, DateTimeOffset Since, bool IsServing = false, SlotActivity Activity = SlotActivity.Other);

/// <summary>The network's categories of what a host does (official host, <c>classifyState</c>).</summary>
internal enum SlotActivity
{
    Other,
    Starting,
    JoiningMarket,
    Queued,
    RunningJob,
    HealthCheck,
}

internal static class SlotActivityWords
{
    /// <summary>As <c>GET /node/info</c> says it.</summary>
    public static string ToWord(this SlotActivity activity) => activity switch
    {
        SlotActivity.Starting => "STARTING",
        SlotActivity.JoiningMarket => "JOINING_MARKET",
        SlotActivity.Queued => "QUEUED",
        SlotActivity.RunningJob => "RUNNING_JOB",
        SlotActivity.HealthCheck => "HEALTHCHECK",
        _ => "OTHER",
    };
}

/// <summary>The slot's <see cref="SlotState"/> now, from the agent's first step on.</summary>
internal sealed class SlotStatus(TimeProvider time)
{
    private volatile SlotState _now = new("Starting", time.GetUtcNow(), Activity: SlotActivity.Starting);

    public SlotState Now => _now;

    /// <summary>After each change, on the thread of whoever shows it.</summary>
    public event Action? Changed;

    public void Show(string text, SlotActivity activity = SlotActivity.Other)
    {
        _now = new SlotState(text, time.GetUtcNow(), activity == SlotActivity.RunningJob, activity);
        Changed?.Invoke();
    }
}
