namespace Nosana.Node.Jobs.Ops;

/// <summary>What an operation is made of: a container that runs, or a volume that exists.</summary>
internal interface IOpDriver
{
    /// <summary>The <see cref="State.OpError.Event"/> of a start that fails.</summary>
    string FailureEvent { get; }

    /// <summary>Reads the operation's arguments with all placeholders resolved.</summary>
    /// <exception cref="JobDefinition.Literals.PlaceholderException">A placeholder has no value.</exception>
    void Resolve(OpContext op);

    /// <summary>Makes and starts it, or takes up what went on while the agent was away.</summary>
    Task StartAsync(OpContext op, CancellationToken cancel);

    /// <summary>Waits for its end. A cancelled wait leaves it as it is.</summary>
    Task<OpExit> WaitAsync(OpContext op, CancellationToken cancel);

    /// <summary>Ends it, with grace, and returns how it ended.</summary>
    Task<OpExit> StopAsync(OpContext op);

    /// <summary>Removes what is left of it. Called after its end is journaled.</summary>
    Task RemoveAsync(OpContext op);
}

/// <param name="ExitCode">As the engine reports it; null for what has none.</param>
/// <param name="State">The engine's state of the container, verbatim; null for what is not one.</param>
/// <param name="Problem">What a person should know beside the code: out of memory, disk full; null otherwise.</param>
internal sealed record OpExit(int? ExitCode, System.Text.Json.Nodes.JsonObject? State = null, string? Problem = null);
