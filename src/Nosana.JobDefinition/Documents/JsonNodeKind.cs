namespace Nosana.JobDefinition.Documents;

/// <summary>Kinds of values, as JavaScript's <c>typeof</c> would tell them apart after JSON.parse.</summary>
internal enum JsonNodeKind : byte
{
    Null,
    True,
    False,
    Number,
    Text,
    List,
    Object,
}
