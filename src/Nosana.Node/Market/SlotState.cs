namespace Nosana.Node.Market;

/// <summary>What a slot does, for whoever looks after the machine.</summary>
/// <param name="Text">One line: its place in the queue, its job, or why it is out of the queue.</param>
/// <param name="Since">When the worker said so: with every look at the queue, which it takes every minute unless it serves a job.</param>
/// <param name="IsServing">Whether it serves a job, which takes as long as the job.</param>
internal sealed record SlotState(string Text, DateTimeOffset Since, bool IsServing = false);

/// <summary>The slot's <see cref="SlotState"/> now, from the agent's first step on.</summary>
internal sealed class SlotStatus(TimeProvider time)
{
    private volatile SlotState _now = new("Starting", time.GetUtcNow());

    public SlotState Now => _now;

    /// <summary>After each change, on the thread of whoever shows it.</summary>
    public event Action? Changed;

    public void Show(string text, bool isServing = false)
    {
        _now = new SlotState(text, time.GetUtcNow(), isServing);
        Changed?.Invoke();
    }
}
