using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.Node.Control;
using Nosana.Node.Hosting.Settings;

namespace Nosana.Node.Hosting.Reload;

/// <summary>Reads the settings again; with <see cref="SentSettings"/> in place of what the host was started with, where the caller sends them.</summary>
internal sealed class ReloadCommand(NodeSettings started, SettingsReload reload) : IControlCommand
{
    public const string Path = "/v1/reload";

    public async Task<JsonNode> ExecuteAsync(ControlRequest request, CancellationToken cancel)
    {
        try
        {
            SettingsSources sources = request.Body is { } body ? SentSettings.Read(body).On(started.Sources) : started.Sources;
            ReloadOutcome outcome = await reload.ReadAsync(sources, cancel);
            return new JsonObject { ["taken"] = List(outcome.Taken), ["needRestart"] = List(outcome.NeedRestart) };
        }
        catch (JsonException e)
        {
            throw new ControlException(
                StatusCodes.Status400BadRequest, $"The request is none for a reload: {e.Message} Is its sender another version?", inner: e);
        }
        catch (CommandException e)
        {
            throw new ControlException(StatusCodes.Status422UnprocessableEntity, e.Lines[0], [.. e.Lines.Skip(1)], e);
        }
    }

    private static JsonArray List(IEnumerable<string> keys) => [.. keys.Select(key => (JsonNode)key)];
}
