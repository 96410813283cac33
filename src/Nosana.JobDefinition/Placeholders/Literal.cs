namespace Nosana.JobDefinition.Placeholders;

/// <summary>One <c>%%...%%</c> in a text.</summary>
/// <param name="Start">Where its first <c>%</c> stands.</param>
/// <param name="Length">With its signs.</param>
/// <param name="OpId">The operation named by <c>%%ops.ID.PATH%%</c>; null for global ones.</param>
/// <param name="Key">The path in the operation, or the key of a global one (<c>job</c>, <c>variables.NAME</c>).</param>
internal readonly record struct Literal(int Start, int Length, string? OpId, string Key)
{
    /// <summary>How the official host words a literal without a value.</summary>
    public string Describe(string text) =>
        OpId is null
            ? $"Unresolved literal: \"{text.Substring(Start, Length)}\" (key=\"{Key}\")"
            : $"Unresolved literal: \"{text.Substring(Start, Length)}\" (opId=\"{OpId}\", path=\"{Key}\")";
}
