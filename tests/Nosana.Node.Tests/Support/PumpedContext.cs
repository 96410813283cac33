namespace Nosana.Node.Tests.Support;

/// <summary>Continuations run when the test says so: after <see cref="Run"/> nothing is under way any more but what the test itself holds up.</summary>
internal sealed class PumpedContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _waiting = new();

    public override void Post(SendOrPostCallback d, object? state) => _waiting.Enqueue((d, state));

    /// <summary>Acts under this context, then runs what that set going and all that follows from it.</summary>
    public void Run(Action act)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            act();
            while (_waiting.TryDequeue(out (SendOrPostCallback Callback, object? State) next)) next.Callback(next.State);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
