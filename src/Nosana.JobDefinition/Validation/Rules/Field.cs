using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>One key of an object.</summary>
internal sealed class Field
{
    public Field(string name, Rule rule, bool required = false, bool unionOnly = false, bool requiredInStrict = false)
    {
        Name = name;
        Rule = rule;
        Key = KeyTable.Register(name);
        IsRequired = required;
        IsRequiredInStrict = required || requiredInStrict;
        IsUnionOnly = unionOnly;
        Segment = name == "private" ? JsonPath.PrivateSegment : JsonPath.Member(name);
    }

    public string Name { get; }

    public Rule Rule { get; }

    public ushort Key { get; }

    public bool IsRequired { get; }

    public bool IsRequiredInStrict { get; }

    /// <summary>The kit's validator does not know this key.</summary>
    public bool IsUnionOnly { get; }

    public string Segment { get; }
}
