using System.Text.Json.Nodes;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>Definitions that tests post, and what their results say.</summary>
internal static class Definitions
{
    /// <summary>In the engine before a host starts.</summary>
    public const string Image = "busybox:latest";

    /// <summary>One operation of a shell line.</summary>
    /// <param name="line">For <c>/bin/sh -c</c>.</param>
    /// <param name="arguments">More of the operation's <c>args</c>.</param>
    /// <param name="meta">More of the definition's <c>meta</c>.</param>
    public static string Shell(string line, JsonObject? arguments = null, JsonObject? meta = null) => Command(line, arguments, meta);

    /// <summary>One operation of a command in exec form.</summary>
    public static string Exec(params string[] command) => Command(new JsonArray([.. command.Select(word => (JsonNode)word)]), null, null);

    /// <summary>More VRAM than the machine has: any, where there is no driver.</summary>
    public static string Greedy()
    {
        int gigabytes = File.Exists("/dev/nvidiactl") ? 100_000 : 24;
        return Shell("echo never", new JsonObject { ["gpu"] = true }, new JsonObject { ["system_requirements"] = new JsonObject { ["required_vram"] = gigabytes } });
    }

    public static JsonNode Op(JsonNode result, int index = 0) => result["opStates"]![index]!;

    public static string StatusOf(JsonNode result) => result["status"]!.GetValue<string>();

    /// <summary>Of the flow and of its first operation.</summary>
    public static (string Flow, string Op) StatusesOf(JsonNode result) => (StatusOf(result), Op(result)["status"]!.GetValue<string>());

    /// <summary>What an operation printed to its standard output and error, line by line.</summary>
    public static IReadOnlyList<string> LinesOf(JsonNode op) =>
        [.. op["logs"]!.AsArray().Where(entry => entry!["type"]!.GetValue<string>() is "stdout" or "stderr").Select(entry => entry!["log"]!.GetValue<string>().TrimEnd('\n'))];

    /// <summary>All error texts of a result, the flow's and the operations'.</summary>
    public static string ErrorsOf(JsonNode result) => string.Join(
        '\n', [result["errors"]?.ToJsonString() ?? "", .. result["opStates"]!.AsArray().Select(op => op!["errors"]?.ToJsonString() ?? "")]);

    private static string Command(JsonNode command, JsonObject? arguments, JsonObject? meta)
    {
        JsonObject args = arguments ?? [];
        args["image"] = Image;
        args["cmd"] = command;
        JsonObject about = meta ?? [];
        about["trigger"] = "cli";
        return new JsonObject
        {
            ["version"] = "0.1",
            ["type"] = "container",
            ["meta"] = about,
            ["ops"] = new JsonArray(new JsonObject { ["type"] = "container/run", ["id"] = "op", ["args"] = args }),
        }.ToJsonString();
    }
}
