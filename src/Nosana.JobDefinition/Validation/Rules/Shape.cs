using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>The keys an object may have, in the official order of reporting. Any other key is an error.</summary>
internal sealed class Shape
{
    private const byte NoField = byte.MaxValue;

    private readonly byte[] _byKey = new byte[KeyTable.MaxKeys];
    private readonly int _strictlyRequired;
    private readonly string[] _known;
    private readonly string[] _knownStrictly;

    public Shape(params Field[] fields)
    {
        Fields = fields;
        Array.Fill(_byKey, NoField);
        for (int i = 0; i < fields.Length; i++) _byKey[fields[i].Key] = (byte)i;
        _strictlyRequired = fields.Count(f => f.IsRequiredInStrict);
        _known = [.. fields.Select(f => f.Name)];
        _knownStrictly = [.. fields.Where(f => !f.IsUnionOnly).Select(f => f.Name)];
    }

    public IReadOnlyList<Field> Fields { get; }

    public IReadOnlyList<string> KnownKeys(bool strict) => strict ? _knownStrictly : _known;

    public bool Check(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        Span<int> found = stackalloc int[Fields.Count];
        found.Fill(-1);
        bool hasUnknown = false;
        int end = tape[node].End;
        for (int child = node + 1; child < end; child = tape[child].End)
        {
            if (tape[child].IsShadowed) continue;
            byte field = _byKey[tape[child].Key];
            if (field == NoField || (validator.IsStrict && Fields[field].IsUnionOnly)) hasUnknown = true;
            else found[field] = child;
        }

        bool good = true;
        for (int i = 0; i < found.Length; i++)
        {
            Field field = Fields[i];
            if (found[i] >= 0) good &= field.Rule.Check(validator, found[i]);
            else if (validator.IsStrict ? field.IsRequiredInStrict : field.IsRequired) good &= validator.RefuseMissing(node, field);
            else if (field.IsRequiredInStrict) validator.WarnMissing(node, field);
        }
        return (!hasUnknown || RefuseUnknown(validator, node)) && good;
    }

    private bool RefuseUnknown(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        // The official validator does not look for surplus keys when the number of keys is the number of required ones
        // (and there are any optional checks to skip), so a misspelt required key is reported as missing only.
        if (validator.IsStrict && tape[node].Count == _strictlyRequired) return false;
        foreach (int child in ScriptOrder.Members(tape, node))
        {
            byte field = _byKey[tape[child].Key];
            if (field == NoField || (validator.IsStrict && Fields[field].IsUnionOnly)) validator.RefuseUnknown(child, this);
        }
        return false;
    }
}
