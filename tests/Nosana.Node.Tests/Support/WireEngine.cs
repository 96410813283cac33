using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Nosana.Docker.Tests;

namespace Nosana.Node.Tests.Support;

/// <summary>What an engine on a socket answers that takes every name, keeps what it is told and ends every container at once.</summary>
internal sealed class WireEngine
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonNode?> _volumes = [], _containers = [];

    public async Task AnswerAsync(HttpContext context)
    {
        var request = (RecordedRequest)context.Items[nameof(RecordedRequest)]!;
        string path = request.Path[request.Path.IndexOf('/', 1)..];
        if (path.EndsWith("/logs", StringComparison.Ordinal)) return; // it printed nothing
        JsonNode? body = request.Body.StartsWith('{') ? JsonNode.Parse(request.Body) : null;
        await Nosana.Docker.Tests.FakeEngine.Json(context, 200, Answer(request.Method, path, body).ToJsonString());
    }

    private JsonNode Answer(string method, string path, JsonNode? body)
    {
        lock (_lock)
        {
            switch (method, path)
            {
                case ("POST", "/volumes/create"):
                    _volumes[(string)body!["Name"]!] = body["Labels"];
                    return new JsonObject { ["Name"] = body["Name"]!.DeepClone(), ["Labels"] = body["Labels"]?.DeepClone() };
                case ("POST", "/containers/create"):
                    string id = $"c{_containers.Count}";
                    _containers[id] = body!["Labels"];
                    return new JsonObject { ["Id"] = id };
                case ("POST", "/networks/create"):
                    return new JsonObject { ["Id"] = "n" };
                case ("GET", "/volumes"):
                    return new JsonObject { ["Volumes"] = new JsonArray([.. _volumes.Select(volume => new JsonObject { ["Name"] = volume.Key, ["Labels"] = volume.Value?.DeepClone() })]) };
                case ("GET", "/containers/json"):
                    return new JsonArray([.. _containers.Select(container => new JsonObject { ["Id"] = container.Key, ["Labels"] = container.Value?.DeepClone() })]);
                case ("GET", "/images/json" or "/networks"):
                case ("DELETE", _) when path.StartsWith("/images/", StringComparison.Ordinal):
                    return new JsonArray();
                default:
                    return JsonNode.Parse("""{"Id":"x","Name":"/x","State":{"Status":"exited","ExitCode":0,"StartedAt":"2026-01-01T00:00:00Z","FinishedAt":"2026-01-01T00:00:01Z"}}""")!;
            }
        }
    }
}
