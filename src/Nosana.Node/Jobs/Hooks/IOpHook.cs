using Nosana.Node.Jobs.Ops;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>
/// One concern of running an operation. A hook implements any of the four moments; <see cref="OpHooks"/> states the order.
/// Tokens: the one given ends with the operation's stop or the agent's exit.
/// </summary>
internal interface IOpHook;

/// <summary>Before the container exists; left out for one that is adopted. An exception fails the operation.</summary>
internal interface IOpPrestart : IOpHook
{
    /// <summary>The <see cref="State.OpError.Event"/> of what fails here.</summary>
    string FailureEvent { get; }

    Task PrestartAsync(OpContext op, CancellationToken cancel);
}

/// <summary>The container runs. An exception fails the operation.</summary>
internal interface IOpPoststart : IOpHook
{
    Task PoststartAsync(OpContext op, CancellationToken cancel);
}

/// <summary>The container has ended, by itself or stopped, and still exists. Runs for every operation whose poststart began.</summary>
internal interface IOpExited : IOpHook
{
    Task ExitedAsync(OpContext op);
}

/// <summary>
/// The agent lets go of the operation: its container is gone, or goes on without the agent. Runs always, frees what the hook holds in this process.
/// </summary>
internal interface IOpStop : IOpHook
{
    ValueTask StopAsync(OpContext op);
}
