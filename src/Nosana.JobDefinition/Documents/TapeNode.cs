namespace Nosana.JobDefinition.Documents;

/// <summary>One value of a document. Children follow their container; <see cref="End"/> is the first node after all of them.</summary>
internal struct TapeNode
{
    public JsonNodeKind Kind;

    /// <summary>The text has escape sequences.</summary>
    public bool IsEscaped;

    /// <summary>The key has escape sequences.</summary>
    public bool KeyIsEscaped;

    /// <summary>The same key stands again further on: this value does not count.</summary>
    public bool IsShadowed;

    /// <summary>Key in <see cref="KeyTable"/>; 0 for unknown ones and list items.</summary>
    public ushort Key;

    /// <summary>Nesting; the root has 0.</summary>
    public int Depth;

    /// <summary>Raw bytes of the key without quotes; length -1 for list items and the root.</summary>
    public int KeyStart;
    public int KeyLength;

    /// <summary>Raw bytes of the value; a text's without its quotes.</summary>
    public int Start;
    public int Length;

    public int Parent;
    public int End;

    /// <summary>Items, or different keys.</summary>
    public int Count;
}

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
