using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Attacks.Hostile;

/// <summary>Definitions of a stranger who wants to hold, fill or reach a host, drawn by a seed.</summary>
/// <param name="storage">URL of a server of his.</param>
/// <param name="registry">Host and port of a registry of his.</param>
internal sealed class HostileJobs(int seed, string storage, string registry)
{
    private readonly Random _random = new(seed);
    private readonly DefinitionMutator _mutator = new([System.Text.Encoding.UTF8.GetBytes(Definitions.Shell("echo mutated"))], seed);

    /// <returns>What it is, in a word, and its bytes.</returns>
    public (string Kind, string Definition) Next() => _random.Next(9) switch
    {
        0 => ("harmless", Definitions.Shell("echo done")),
        1 => ("storage", Definitions.Shell("ls -lR /data; head -c 300 /data/*", Resources(new JsonObject { ["type"] = "S3", ["url"] = $"{storage}/{_random.Next()}", ["target"] = "/data" }))),
        2 => ("storage with an account", Definitions.Shell("ls -lR /data", Resources(new JsonObject
        {
            ["type"] = "S3",
            ["url"] = $"{storage}/{_random.Next()}",
            ["target"] = "/data",
            ["IAM"] = new JsonObject { ["REGION"] = "us-east-1", ["ACCESS_KEY_ID"] = "a", ["SECRET_ACCESS_KEY"] = "b" },
        }))),
        3 => ("storage, one file", Definitions.Shell("ls -lR /data", Resources(new JsonObject
        {
            ["type"] = "S3",
            ["url"] = $"{storage}/{_random.Next()}",
            ["target"] = "/data",
            ["files"] = new JsonArray("a", "b"),
        }))),
        4 or 5 => ("image", OfImage($"{registry}/a/b{_random.Next()}:1", _random.Next(2) == 0)),
        6 => ("output", Output()),
        7 => ("results", Definitions.Shell("head -c 3000000 /dev/zero | tr '\\0' 'a'; echo b", new JsonObject(), null).Replace(
            "\"id\":\"op\"", "\"id\":\"op\",\"results\":{\"r\":\"(a+)+c\",\"s\":\"(a|aa)+$\",\"t\":\"[^b]*b\"}", StringComparison.Ordinal)),
        _ => ("mutated", _mutator.NextJson()),
    };

    private static JsonObject Resources(JsonObject resource) => new() { ["resources"] = new JsonArray(resource) };

    private static string OfImage(string image, bool withAccount)
    {
        JsonNode definition = JsonNode.Parse(Definitions.Shell("echo pulled"))!;
        JsonNode args = definition["ops"]![0]!["args"]!;
        args["image"] = image;
        if (withAccount) args["authentication"] = new JsonObject { ["docker"] = new JsonObject { ["username"] = "u", ["password"] = "p" } };
        return definition.ToJsonString();
    }

    private string Output() => Definitions.Shell(_random.Next(3) switch
    {
        0 => "i=0; while [ $i -lt 20000 ]; do printf '\\033]52;c;cm0gLXJmIC8=\\007\\001\\002\\003\\n'; i=$((i+1)); done",
        1 => "head -c 100000000 /dev/zero | tr '\\0' '\\1'",
        _ => "sleep 600",
    });
}
