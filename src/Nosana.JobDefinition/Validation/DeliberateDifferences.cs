using System.Text.Json;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Validation.Rules;
using static Nosana.JobDefinition.Validation.DifferenceEffect;

namespace Nosana.JobDefinition.Validation;

/// <summary>
/// Every way in which union mode differs from the kit's validator. Official clients of several versions post jobs (the kit, its
/// newer versions, the SDK 0.4.69 and 0.4.71); what one of them lets through must not die here, so the fields of all are united.
/// What this host refuses beyond them would fail later with an obscure error, or harm it. Strict mode has no difference.
/// </summary>
public static class DeliberateDifferences
{
    private const string Execution = "$input.ops[].execution.";
    private const string StopIfDependentStops = Execution + "stop_if_dependent_stops";
    private const string Args = "$input.ops[].args.";
    private const string Expose = Args + "expose";
    private const string Checks = Expose + "[].health_checks[].";
    private const string Absent = "undefined";
    private const string Tagged = "string & TagBase<__type>";

    /// <summary>The table.</summary>
    public static IReadOnlyList<DeliberateDifference> All { get; } =
    [
        new("version", "$input.version", AcceptedHere,
            (place, _, value) => place == "$input.version" && Is(value, JsonValueKind.String),
            """{"version":"0.2","type":"container","ops":[]}""",
            "the SDK accepts any text, and jobs with other versions exist"),
        new("meta", "$input.meta.*", AcceptedHere,
            (place, expected, _) => IsFreeMeta(place) && expected is MetaRule.Free or MetaRule.Flat or MetaRule.Scalar,
            """{"version":"0.1","type":"container","meta":{"flag":true,"none":null,"deep":{"a":{"b":1}},"list":[{"c":1}]},"ops":[]}""",
            "the SDK leaves the rest of meta free, and no host reads it"),
        new("logistics-one-way", "$input.logistics.send, $input.logistics.receive", AcceptedHere,
            (place, expected, value) => place is "$input.logistics.send" or "$input.logistics.receive" && expected == "Logistic" && value is null,
            """{"version":"0.1","type":"container","logistics":{"send":{"type":"api-listen","args":{}}},"ops":[]}""",
            "the SDK takes either direction alone, as the public documentation shows"),
        new("ssh", "$input.ssh", AcceptedHere,
            (place, _, value) => place == "$input.ssh" && Is(value, JsonValueKind.Object),
            """{"version":"0.1","type":"container","ssh":{"public_keys":["ssh-ed25519 AAAA me"]},"ops":[]}""",
            "newer versions of the kit know it"),
        new("id-with-space", "$input.ops[].id", AcceptedHere,
            (place, expected, _) => place == "$input.ops[].id" && expected == Tagged,
            Op("""{"image":"i"}""", id: "my op"),
            "the SDK 0.4.69 accepts it; ids are not part of container names"),
        new("execution-timeout", "$input.ops[].execution.timeout", AcceptedHere,
            (place, _, value) => place == "$input.ops[].execution.timeout" && Is(value, JsonValueKind.Number),
            Op("""{"image":"i"}""", ""","execution":{"group":"g","timeout":60}"""),
            "newer versions of the kit know it"),
        new("stop-without-dependencies", StopIfDependentStops, AcceptedHere,
            (place, expected, value) => place == StopIfDependentStops && expected == Absent && Is(value, JsonValueKind.True, JsonValueKind.False),
            Op("""{"image":"i"}""", ""","execution":{"stop_if_dependent_stops":true}"""),
            "newer versions of the kit accept it; it has an effect when another operation names this one"),
        new("output", Args + "output", AcceptedHere,
            (place, _, value) => place == Args + "output" && Is(value, JsonValueKind.String),
            Op("""{"image":"i","output":"/out"}"""),
            "the SDK accepts it; no host reads it"),
        new("required-vram", Args + "required_vram", AcceptedHere,
            (place, _, value) => place == Args + "required_vram" && Is(value, JsonValueKind.Number),
            Op("""{"image":"i","required_vram":8}"""),
            "the SDK accepts it"),
        new("trusted-execution", Args + "trusted_execution_env", AcceptedHere,
            (place, _, value) => place == Args + "trusted_execution_env" && value is not null,
            Op("""{"image":"i","trusted_execution_env":"SEV-SNP"}"""),
            "newer official hosts read it; a job that asks for it is given back where there is none, and not called malformed"),
        new("restart-on-failure", Checks + "restart_on_failure", AcceptedHere,
            (place, _, value) => IsOfCheck(place, "restart_on_failure") && Is(value, JsonValueKind.True, JsonValueKind.False),
            Checked("\"restart_on_failure\":true"),
            "newer official hosts restart the container by it"),
        new("max-restarts", Checks + "max_restarts", AcceptedHere,
            (place, _, value) => IsOfCheck(place, "max_restarts") && Is(value, JsonValueKind.Number),
            Checked("\"restart_on_failure\":true,\"max_restarts\":3"),
            "as restart-on-failure"),
        new("range", Expose, AcceptedHere,
            (place, expected, value) => place == Expose && expected == Tagged && Is(value, JsonValueKind.String),
            Op("""{"image":"i","expose":"8000-8010"}"""),
            "the SDK accepts ranges; here each port of one becomes an endpoint"),
        new("range-in-list", Expose + "[]", AcceptedHere,
            (place, expected, value) => place == Expose + "[]" && expected == Tagged && Is(value, JsonValueKind.String),
            Op("""{"image":"i","expose":["8000-8010","8011-8020"]}"""),
            "as range"),
        new("range-in-object", Expose + "[].port", AcceptedHere,
            (place, _, value) => place == Expose + "[].port" && Is(value, JsonValueKind.String),
            Op("""{"image":"i","expose":[{"port":"8000-8010"}]}"""),
            "as range"),

        new("port-number", Expose + ", [], .port, [].port", RefusedHere,
            (place, expected, _) => IsPort(place) && expected == "number",
            Op("""{"image":"i","expose":[0,80.5,70000]}"""),
            "only whole numbers from 1 to 65535 are ports; the container would fail to start"),
        new("too-many-ports", Expose + ", [], .port, [].port", RefusedHere,
            (place, expected, _) => IsPort(place) && expected == PortNumber.TooMany,
            Op($$"""{"image":"i","expose":[{{string.Join(',', Enumerable.Range(1, DefinitionLimits.MaxExposedPorts + 1))}}]}"""),
            "each port costs this host a route; a few characters of a range could ask for all ports there are"),
        new("too-many-operations", "$input.ops", RefusedHere,
            (place, expected, _) => place == "$input.ops" && expected == OperationsRule.TooMany,
            $$"""{"version":"0.1","type":"container","ops":[{{string.Join(',', Enumerable.Range(0, DefinitionLimits.MaxOperations + 1).Select(Volume))}}]}""",
            "each operation costs this host memory, a log and a place in its journal; official clients publish a few dozen"),
        new("type-and-args", "$input.ops[].args", RefusedHere,
            (place, expected, _) => place == "$input.ops[].args" && expected is ArgumentsRule.RunExpected or ArgumentsRule.CreateVolumeExpected,
            Op("""{"name":"v"}"""),
            "the operation's type and its arguments contradict each other; the official host fails at the start"),
        new("cycle", "$input.ops[].execution.depends_on[]", RefusedHere,
            (place, expected, _) => place == Execution + "depends_on[]" && expected == FlowPlanner.NoCircle,
            """{"version":"0.1","type":"container","ops":["""
                + """{"type":"container/run","id":"a","args":{"image":"i"},"execution":{"group":"g","depends_on":["b"]}},"""
                + """{"type":"container/run","id":"b","args":{"image":"i"},"execution":{"group":"g","depends_on":["a"]}}]}""",
            "operations that wait for each other never start"),
        new("nesting", "anywhere", RefusedHere,
            (_, expected, _) => expected == TextCheck.TooDeep,
            Op("""{"image":"i","expose":[{"port":80,"health_checks":[{"type":"http","path":"/","method":"POST","expected_status":200"""
                + $$""","continuous":true,"body":{{new string('[', 70)}}{{new string(']', 70)}}}]}]}"""),
            "nobody needs it, and every later reader of the document has a limit of its own"),
        new("half-characters", "anywhere", RefusedHere,
            (_, expected, _) => expected == TextCheck.WholeCharacters,
            Op("""{"image":"i","env":{"A":"\ud83d"}}"""),
            "half a surrogate pair has no UTF-8, so no container could get it as it was meant"),

        new("null-in-expose", Expose + ", []", ThrowsThere,
            (place, expected, _) => (place == Expose + "[]" && expected == ExposeRule.Item) || (place == Expose && expected == ExposeRule.NotUnique),
            Op("""{"image":"i","expose":[null]}"""),
            "the kit's rule on unique ports reads a property of null"),
    ];

    private static string Volume(int id) => $$"""{"type":"container/create-volume","id":"{{id}}","args":{"name":"{{id}}"} }""";

    private static string Op(string args, string more = "", string id = "a") =>
        "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[{\"type\":\"container/run\",\"id\":\"" + id + "\",\"args\":" + args + more + "}]}";

    private static string Checked(string field) => Op(
        """{"image":"i","expose":[{"port":80,"health_checks":[{"type":"http","path":"/","method":"GET","expected_status":200,"continuous":true,"""
        + field + "}]}]}");

    private static bool IsOfCheck(string place, string field) =>
        place.StartsWith(Expose, StringComparison.Ordinal) && place.EndsWith(".health_checks[]." + field, StringComparison.Ordinal);

    private static bool Is(JsonElement? value, params ReadOnlySpan<JsonValueKind> kinds) => value is { } found && kinds.Contains(found.ValueKind);

    private static bool IsFreeMeta(string place) =>
        place.StartsWith("$input.meta", StringComparison.Ordinal) && !place.StartsWith("$input.meta.system_resources", StringComparison.Ordinal);

    private static bool IsPort(string place) => place is Expose or Expose + "[]" or Expose + ".port" or Expose + "[].port";
}
