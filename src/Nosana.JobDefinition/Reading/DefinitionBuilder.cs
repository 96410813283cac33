using System.Collections.Frozen;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Ssh;

namespace Nosana.JobDefinition.Reading;

/// <summary>Makes the model from a document that passed validation.</summary>
internal static class DefinitionBuilder
{
    private static readonly FrozenDictionary<string, string> s_noTexts = FrozenDictionary<string, string>.Empty;

    public static Definition Build(JsonTape tape)
    {
        int meta = tape.Find(0, DefinitionKeys.Meta);
        int global = tape.Find(0, DefinitionKeys.Global);
        int logistics = tape.Find(0, DefinitionKeys.Logistics);
        int ssh = tape.Find(0, DefinitionKeys.Ssh);
        return new Definition
        {
            Version = Text(tape, 0, DefinitionKeys.Version)!,
            Ops = Operations(tape, tape.Find(0, DefinitionKeys.Ops)),
            Meta = meta < 0 ? null : new Meta(tape.Json(meta)) { Trigger = Text(tape, meta, DefinitionKeys.Trigger), Requirements = Requirements(tape, meta) },
            Global = global < 0 ? null : Global(tape, global),
            Logistics = logistics < 0 ? null : new Logistics(Route(tape, logistics, DefinitionKeys.Send), Route(tape, logistics, DefinitionKeys.Receive)),
            DeploymentId = Text(tape, 0, DefinitionKeys.DeploymentId),
            Ssh = ssh < 0 ? null : new SshAccess(Keys(tape, tape.Find(ssh, DefinitionKeys.PublicKeys))),
            Json = tape.Utf8,
        };
    }

    private static Operation[] Operations(JsonTape tape, int list)
    {
        var ops = new Operation[tape[list].Count];
        int index = 0;
        for (int op = list + 1; op < tape[list].End; op = tape[op].End)
        {
            int results = tape.Find(op, DefinitionKeys.Results);
            int execution = tape.Find(op, DefinitionKeys.Execution);
            ops[index] = new Operation
            {
                Index = index,
                Id = Text(tape, op, DefinitionKeys.Id)!,
                Type = tape.TextIs(tape.Find(op, DefinitionKeys.Type), "container/run"u8) ? OperationType.ContainerRun : OperationType.ContainerCreateVolume,
                Args = new OperationArgs(tape.Json(tape.Find(op, DefinitionKeys.Args))),
                Results = results < 0 ? [] : Patterns(tape, results),
                Execution = execution < 0 ? Execution.None : ExecutionOf(tape, execution),
            };
            index++;
        }
        return ops;
    }

    private static ResultPattern[] Patterns(JsonTape tape, int results)
    {
        var patterns = new ResultPattern[tape[results].Count];
        int index = 0;
        for (int result = results + 1; result < tape[results].End; result = tape[result].End)
        {
            if (tape[result].IsShadowed) continue;
            patterns[index++] = tape[result].Kind == JsonNodeKind.Text
                ? new ResultPattern(tape.KeyText(result), tape.Text(result), null)
                : new ResultPattern(tape.KeyText(result), Text(tape, result, DefinitionKeys.Regex)!, Texts(tape, tape.Find(result, DefinitionKeys.LogType)));
        }
        return patterns;
    }

    private static Execution ExecutionOf(JsonTape tape, int execution)
    {
        string? group = Text(tape, execution, DefinitionKeys.Group);
        int stop = tape.Find(execution, DefinitionKeys.StopIfDependentStops);
        int timeout = tape.Find(execution, DefinitionKeys.Timeout);
        return new Execution
        {
            Group = string.IsNullOrEmpty(group) ? null : group,
            DependsOn = Texts(tape, tape.Find(execution, DefinitionKeys.DependsOn)) ?? [],
            StopIfDependentStops = stop >= 0 && tape[stop].Kind == JsonNodeKind.True,
            TimeoutSeconds = timeout < 0 ? null : tape.Number(timeout),
        };
    }

    private static GlobalDefaults Global(JsonTape tape, int global)
    {
        int gpu = tape.Find(global, DefinitionKeys.Gpu);
        int entrypoint = tape.Find(global, DefinitionKeys.Entrypoint);
        return new GlobalDefaults
        {
            Image = Text(tape, global, DefinitionKeys.Image),
            Gpu = gpu >= 0 && tape[gpu].Kind == JsonNodeKind.True,
            Entrypoint = entrypoint < 0 ? null : tape[entrypoint].Kind == JsonNodeKind.Text ? [tape.Text(entrypoint)] : Texts(tape, entrypoint),
            Env = Map(tape, tape.Find(global, DefinitionKeys.Env)),
            WorkDir = Text(tape, global, DefinitionKeys.WorkDir),
            Variables = Map(tape, tape.Find(global, DefinitionKeys.Variables)),
        };
    }

    private static LogisticsRoute? Route(JsonTape tape, int logistics, ushort direction)
    {
        int route = tape.Find(logistics, direction);
        if (route < 0) return null;
        LogisticsType type = tape.TextIs(tape.Find(route, DefinitionKeys.Type), "api-listen"u8) ? LogisticsType.ApiListen : LogisticsType.Api;
        return new LogisticsRoute(type, Text(tape, tape.Find(route, DefinitionKeys.Args), DefinitionKeys.Endpoint));
    }

    /// <summary>No validator looks at these keys; what has another form counts as absent. The name that the types know is the second choice.</summary>
    private static SystemRequirements Requirements(JsonTape tape, int meta)
    {
        int said = tape.Find(meta, DefinitionKeys.SystemRequirements);
        int alsoSaid = tape.Find(meta, DefinitionKeys.SystemResources);
        if (said < 0 && alsoSaid < 0) return SystemRequirements.None;
        return new SystemRequirements
        {
            VramTotalMb = Amount(tape, said, DefinitionKeys.VramTotalMb) ?? Amount(tape, alsoSaid, DefinitionKeys.VramTotalMb),
            RequiredVramGb = Amount(tape, said, DefinitionKeys.RequiredVram) ?? Amount(tape, alsoSaid, DefinitionKeys.RequiredVram),
            RequiredCuda = Versions(tape, said) ?? Versions(tape, alsoSaid) ?? [],
        };
    }

    private static double? Amount(JsonTape tape, int container, ushort key)
    {
        int node = container < 0 ? -1 : tape.Find(container, key);
        if (node < 0) return null;
        double amount = tape[node].Kind switch
        {
            JsonNodeKind.Number => tape.Number(node),
            JsonNodeKind.Text when double.TryParse(tape.Text(node), System.Globalization.CultureInfo.InvariantCulture, out double number) => number,
            _ => double.NaN,
        };
        return double.IsFinite(amount) && amount > 0 ? amount : null;
    }

    private static List<string>? Versions(JsonTape tape, int container)
    {
        int node = container < 0 ? -1 : tape.Find(container, DefinitionKeys.RequiredCuda);
        if (node < 0) return null;
        if (tape[node].Kind != JsonNodeKind.List) return Version(tape, node) is { } only ? [only] : null;
        var versions = new List<string>();
        for (int item = node + 1; item < tape[node].End; item = tape[item].End)
            if (Version(tape, item) is { } version) versions.Add(version);
        return versions;
    }

    private static string? Version(JsonTape tape, int node) =>
        tape[node].Kind is JsonNodeKind.Text or JsonNodeKind.Number && tape[node].Length > 0 ? tape.Text(node) : null;

    private static string? Text(JsonTape tape, int container, ushort key)
    {
        int node = tape.Find(container, key);
        return node < 0 ? null : tape.Text(node);
    }

    private static IReadOnlyList<SshPublicKey> Keys(JsonTape tape, int list)
    {
        var keys = new SshKeySet();
        foreach (string line in Texts(tape, list) ?? []) _ = keys.Add(line); // what is left out was told by the validation
        return keys.Keys;
    }

    private static string[]? Texts(JsonTape tape, int list)
    {
        if (list < 0) return null;
        var texts = new string[tape[list].Count];
        int index = 0;
        for (int item = list + 1; item < tape[list].End; item = tape[item].End) texts[index++] = tape.Text(item);
        return texts;
    }

    private static IReadOnlyDictionary<string, string> Map(JsonTape tape, int map)
    {
        if (map < 0) return s_noTexts;
        var texts = new Dictionary<string, string>(tape[map].Count, StringComparer.Ordinal);
        for (int member = map + 1; member < tape[map].End; member = tape[member].End)
            if (!tape[member].IsShadowed) texts.Add(tape.KeyText(member), tape.Text(member));
        return texts;
    }
}
