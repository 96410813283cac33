namespace Nosana.JobDefinition.Literals;

/// <summary>What one pattern extracted: a list of texts, or one error text.</summary>
public sealed record ResultValue
{
    private ResultValue(IReadOnlyList<string?>? items, string? text)
    {
        Items = items;
        Text = text;
    }

    /// <summary>Matches and groups in order (a group that took no part is null); null when <see cref="Text"/> is set.</summary>
    public IReadOnlyList<string?>? Items { get; }

    /// <summary>Why there is no list; null when <see cref="Items"/> is set.</summary>
    public string? Text { get; }

    /// <summary>A list of matches, may be empty.</summary>
    public static ResultValue List(IReadOnlyList<string?> items) => new(items, null);

    /// <summary>An error, such as <c>SyntaxError: ...</c>.</summary>
    public static ResultValue Error(string text) => new(null, text);
}
