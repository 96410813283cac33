namespace Nosana.JobDefinition.Results;

/// <summary>What one pattern extracted (a list of texts, or one error text); also the value of any other literal (one text).</summary>
public sealed record ResultValue
{
    private ResultValue(IReadOnlyList<string?>? items, string? text)
    {
        Items = items;
        Text = text;
        Length = text?.Length ?? items!.Sum(item => (item?.Length ?? 0) + 1);
    }

    /// <summary>Matches and groups in order (a group that took no part is null); null when <see cref="Text"/> is set.</summary>
    public IReadOnlyList<string?>? Items { get; }

    /// <summary>The one text, such as why there is no list; null when <see cref="Items"/> is set.</summary>
    public string? Text { get; }

    /// <summary>Characters of <see cref="Joined"/>, or one more.</summary>
    internal int Length { get; }

    /// <summary>A list of matches, may be empty.</summary>
    public static ResultValue List(IReadOnlyList<string?> items) => new(items, null);

    /// <summary>One text, such as <c>SyntaxError: ...</c>.</summary>
    public static ResultValue Single(string text) => new(null, text);

    /// <summary>As part of a text: items joined by spaces.</summary>
    public string Joined => Text ?? string.Join(' ', Items!);
}
