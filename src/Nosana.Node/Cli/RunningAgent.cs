using System.Text.Json.Nodes;
using Nosana.Node.Control;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;

namespace Nosana.Node.Cli;

/// <summary>The agent of a state directory as verbs ask it: what goes wrong is a sentence.</summary>
internal sealed class RunningAgent(NodeSettings settings) : IDisposable
{
    private readonly ControlClient _client = new(new ControlSocket(settings.StateDirectory));

    /// <returns>The answer.</returns>
    /// <exception cref="CommandException">There is none.</exception>
    public async Task<JsonNode> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancel)
    {
        try
        {
            return await _client.SendAsync(method, path, body, cancel);
        }
        catch (ControlUnavailableException e) when (e.IsAbsent && StateLock.IsHeld(HostIdentity.LockFile(settings.StateDirectory)))
        {
            throw new CommandException(
                $"The agent of {settings.StateDirectory} has no control channel: it is of an earlier version, or its log says why. Start it again.", inner: e);
        }
        catch (ControlUnavailableException e)
        {
            throw new CommandException(e.Message, inner: e);
        }
        catch (ControlException e)
        {
            throw new CommandException(e.Message, e.Details, ExitCodes.Failed, e);
        }
    }

    /// <returns>The answer; null when no agent runs there.</returns>
    /// <exception cref="CommandException">One runs and gives none.</exception>
    public async Task<JsonNode?> AskIfThereAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await AskAsync(HttpMethod.Get, path, null, cancel);
        }
        catch (CommandException e) when (e.InnerException is ControlUnavailableException { IsAbsent: true })
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
