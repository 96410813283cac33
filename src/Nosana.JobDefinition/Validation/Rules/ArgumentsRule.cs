using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>An operation's arguments. The official validators choose the shape by its keys, not by the operation's type.</summary>
internal sealed class ArgumentsRule(Shape run, Shape createVolume)
    : Rule("(ContainerCreateVolume | ContainerRun)", "an object with an image (container/run) or a name (container/create-volume)")
{
    public const string RunExpected = "ContainerRun";
    public const string CreateVolumeExpected = "ContainerCreateVolume";

    private const string RunWanted = "an object with an \"image\", since the operation's type is container/run";
    private const string CreateVolumeWanted = "an object with a \"name\" only, since the operation's type is container/create-volume";
    private const string NeitherShape = "(ContainerRun | ContainerCreateVolume)";

    /// <summary>Keys that are looked at for a suggestion: a stranger may send any number.</summary>
    private const int MostLooks = 16;

    private static readonly string[] s_deciding = ["image", "name"];

    public Shape Run { get; } = run;

    public Shape CreateVolume { get; } = createVolume;

    public override bool Check(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        if (tape[node].Kind is not (JsonNodeKind.Object or JsonNodeKind.List)) return Refuse(validator, node);
        bool isList = tape[node].Kind == JsonNodeKind.List;
        if (!isList && tape.Find(node, DefinitionKeys.Image) >= 0)
            return Run.Check(validator, node) & Fits(validator, node, "container/create-volume"u8, CreateVolumeExpected, CreateVolumeWanted);
        if (!isList && tape.Find(node, DefinitionKeys.Name) >= 0)
            return CreateVolume.Check(validator, node) & Fits(validator, node, "container/run"u8, RunExpected, RunWanted);
        return validator.Refuse(node, NeitherShape, Allowed + (isList ? "" : Suggestion(tape, node)));
    }

    /// <summary>The key that was most likely meant to be one of the two that decide.</summary>
    private static string Suggestion(JsonTape tape, int args)
    {
        int looks = 0;
        for (int child = args + 1; child < tape[args].End && looks < MostLooks; child = tape[child].End, looks++)
            if (NearestKey.Find(tape, child, s_deciding) is { } nearest) return $" - did you mean '{nearest}' by '{tape.KeyText(child)}'?";
        return "";
    }

    /// <summary>Refused here though every official validator accepts it: the official host fails later, with an obscure error.</summary>
    private static bool Fits(Validator validator, int args, ReadOnlySpan<byte> otherType, string expected, string allowed)
    {
        if (validator.IsStrict) return true;
        JsonTape tape = validator.Tape;
        int type = tape.Find(tape[args].Parent, DefinitionKeys.Type);
        return type < 0 || !tape.TextIs(type, otherType) || validator.Refuse(args, expected, allowed);
    }
}
