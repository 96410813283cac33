using System.Text.Json.Nodes;

namespace Nosana.Node.Control;

/// <summary>
/// One thing that a running agent can be asked or told by its <see cref="ControlServer"/>. What it is called is its <see cref="ControlRoute"/>'s matter.
/// </summary>
internal interface IControlCommand
{
    /// <returns>The answer, JSON.</returns>
    /// <exception cref="ControlException">It cannot be done; the caller is told so.</exception>
    Task<JsonNode> ExecuteAsync(ControlRequest request, CancellationToken cancel);
}

/// <summary>What a caller sent.</summary>
/// <param name="Query">Of the address, each name once.</param>
/// <param name="Body">JSON; null where there was none.</param>
internal sealed record ControlRequest(IReadOnlyDictionary<string, string> Query, JsonNode? Body);

/// <summary>Where a command is reached.</summary>
/// <param name="Method">GET looks, POST changes something.</param>
/// <param name="Path">Below <c>/v1/</c>: what is there never changes its meaning, a new one gets a new path.</param>
/// <param name="Command">Made when it is asked for: what it needs may be found only while the host starts.</param>
/// <param name="WhileStarting">Whether it is there before the host has started.</param>
internal sealed record ControlRoute(string Method, string Path, Type Command, bool WhileStarting);

/// <summary>A command was not carried out.</summary>
/// <param name="status">The HTTP status that says why.</param>
/// <param name="message">For a person: what, and what to do.</param>
/// <param name="details">What it consists of, a line each.</param>
internal sealed class ControlException(int status, string message, IReadOnlyList<string>? details = null, Exception? inner = null) : Exception(message, inner)
{
    public int Status { get; } = status;

    public IReadOnlyList<string> Details { get; } = details ?? [];
}
