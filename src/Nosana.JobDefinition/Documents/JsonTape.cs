using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Nosana.JobDefinition.Documents;

/// <summary>
/// A document as a flat list of nodes over its bytes: one pass of <see cref="Utf8JsonReader"/>, no allocation per value,
/// known keys as numbers. Rented; dispose it.
/// </summary>
internal sealed class JsonTape(ReadOnlyMemory<byte> utf8) : IDisposable
{
    private const int PairwiseKeys = 12;

    private TapeNode[] _nodes = ArrayPool<TapeNode>.Shared.Rent(256);
    private int _count;
    private int _open = -1;
    private (int Node, int Index) _lastIndex = (-1, 0);

    /// <summary>The bytes the nodes point into.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    /// <summary>Number of nodes.</summary>
    public int Count => _count;

    /// <summary>The innermost container that was open when reading stopped, -1 for none.</summary>
    public int Open => _open;

    public ref readonly TapeNode this[int index] => ref _nodes[index];

    /// <summary>Reads the whole document.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public void Read()
    {
        var reader = new Utf8JsonReader(Utf8.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        ushort key = KeyTable.Unknown;
        int keyStart = 0, keyLength = -1;
        bool keyIsEscaped = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    keyStart = (int)reader.TokenStartIndex + 1;
                    keyLength = reader.ValueSpan.Length;
                    keyIsEscaped = reader.ValueIsEscaped;
                    key = KeyTable.Find(keyIsEscaped ? Encoding.UTF8.GetBytes(JsonText.Unescape(reader.ValueSpan)) : reader.ValueSpan);
                    continue;
                case JsonTokenType.EndObject:
                case JsonTokenType.EndArray:
                    Close((int)reader.TokenStartIndex + 1);
                    continue;
            }

            int index = _count;
            if (index == _nodes.Length) Grow();
            ref TapeNode node = ref _nodes[index];
            _count++;
            node = default;
            node.Key = key;
            node.KeyStart = keyStart;
            node.KeyLength = keyLength;
            node.KeyIsEscaped = keyIsEscaped;
            node.Parent = _open;
            node.Start = (int)reader.TokenStartIndex;
            if (_open >= 0)
            {
                ref TapeNode parent = ref _nodes[_open];
                node.Depth = parent.Depth + 1;
                parent.Count++;
            }
            key = KeyTable.Unknown;
            keyLength = -1;
            keyIsEscaped = false;

            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    node.Kind = JsonNodeKind.Object;
                    _open = index;
                    continue;
                case JsonTokenType.StartArray:
                    node.Kind = JsonNodeKind.List;
                    _open = index;
                    continue;
                case JsonTokenType.String:
                    node.Kind = JsonNodeKind.Text;
                    node.Start++;
                    node.IsEscaped = reader.ValueIsEscaped;
                    break;
                case JsonTokenType.Number:
                    node.Kind = JsonNodeKind.Number;
                    break;
                case JsonTokenType.True:
                    node.Kind = JsonNodeKind.True;
                    break;
                case JsonTokenType.False:
                    node.Kind = JsonNodeKind.False;
                    break;
                default:
                    node.Kind = JsonNodeKind.Null;
                    break;
            }
            node.Length = reader.ValueSpan.Length;
            node.End = index + 1;
        }
    }

    /// <summary>Raw bytes of a value; a text's without its quotes, escapes as they stand.</summary>
    public ReadOnlySpan<byte> Raw(int index) => Utf8.Span.Slice(_nodes[index].Start, _nodes[index].Length);

    /// <summary>The value as JSON; a text with its quotes.</summary>
    public ReadOnlyMemory<byte> Json(int index)
    {
        ref TapeNode node = ref _nodes[index];
        return node.Kind == JsonNodeKind.Text ? Utf8.Slice(node.Start - 1, node.Length + 2) : Utf8.Slice(node.Start, node.Length);
    }

    /// <summary>A text's value.</summary>
    public string Text(int index) => _nodes[index].IsEscaped ? JsonText.Unescape(Raw(index)) : Encoding.UTF8.GetString(Raw(index));

    /// <summary>The text equals that one (which is ASCII).</summary>
    public bool TextIs(int index, ReadOnlySpan<byte> text) =>
        _nodes[index].Kind == JsonNodeKind.Text
        && (_nodes[index].IsEscaped ? Encoding.UTF8.GetBytes(Text(index)).AsSpan().SequenceEqual(text) : Raw(index).SequenceEqual(text));

    /// <summary>A number as JavaScript reads it: a double, infinite when too large.</summary>
    public double Number(int index) => JsonText.ToDouble(Raw(index));

    /// <summary>A member's key.</summary>
    public string KeyText(int index)
    {
        ref TapeNode node = ref _nodes[index];
        ReadOnlySpan<byte> raw = Utf8.Span.Slice(node.KeyStart, node.KeyLength);
        return node.KeyIsEscaped ? JsonText.Unescape(raw) : Encoding.UTF8.GetString(raw);
    }

    /// <summary>A list item's position. Faults come in order, so counting goes on from the one asked for before.</summary>
    public int IndexOf(int node)
    {
        int parent = _nodes[node].Parent;
        (int sibling, int index) = _lastIndex.Node >= 0 && _lastIndex.Node <= node && _nodes[_lastIndex.Node].Parent == parent ? _lastIndex : (parent + 1, 0);
        for (; sibling != node; sibling = _nodes[sibling].End) index++;
        _lastIndex = (node, index);
        return index;
    }

    /// <summary>The member of an object with that key, or -1. Lists have none.</summary>
    public int Find(int container, ushort key)
    {
        int end = _nodes[container].End;
        for (int child = container + 1; child < end; child = _nodes[child].End)
            if (_nodes[child].Key == key && !_nodes[child].IsShadowed) return child;
        return -1;
    }

    public void Dispose()
    {
        if (_nodes.Length == 0) return;
        ArrayPool<TapeNode>.Shared.Return(_nodes);
        _nodes = [];
    }

    private void Close(int end)
    {
        ref TapeNode node = ref _nodes[_open];
        node.End = _count;
        node.Length = end - node.Start;
        if (node.Kind == JsonNodeKind.Object && node.Count > 1) ShadowDoubles(_open);
        _open = node.Parent;
    }

    private void ShadowDoubles(int container)
    {
        ulong low = 0, high = 0;
        int unknown = 0;
        bool doubles = false;
        int end = _nodes[container].End;
        for (int child = container + 1; child < end; child = _nodes[child].End)
        {
            ushort key = _nodes[child].Key;
            if (key == KeyTable.Unknown)
            {
                unknown++;
                continue;
            }
            ref ulong mask = ref key < 64 ? ref low : ref high;
            ulong bit = 1UL << (key & 63);
            doubles |= (mask & bit) != 0;
            mask |= bit;
        }
        if (!doubles && unknown < 2) return;
        if (_nodes[container].Count <= PairwiseKeys) ShadowPairwise(container);
        else ShadowByTable(container);
    }

    private void ShadowPairwise(int container)
    {
        int end = _nodes[container].End;
        for (int child = container + 1; child < end; child = _nodes[child].End)
            for (int later = _nodes[child].End; later < end; later = _nodes[later].End)
                if (SameKey(child, later))
                {
                    Shadow(container, child);
                    break;
                }
    }

    private void ShadowByTable(int container)
    {
        var seen = new Dictionary<string, int>(_nodes[container].Count, StringComparer.Ordinal);
        int end = _nodes[container].End;
        for (int child = container + 1; child < end; child = _nodes[child].End)
        {
            string key = KeyText(child);
            if (seen.TryGetValue(key, out int earlier)) Shadow(container, earlier);
            seen[key] = child;
        }
    }

    private void Shadow(int container, int child)
    {
        _nodes[child].IsShadowed = true;
        _nodes[container].Count--;
    }

    private bool SameKey(int a, int b)
    {
        ref TapeNode x = ref _nodes[a];
        ref TapeNode y = ref _nodes[b];
        if (x.Key != y.Key) return false;
        if (x.Key != KeyTable.Unknown) return true;
        if (x.KeyIsEscaped || y.KeyIsEscaped) return KeyText(a) == KeyText(b);
        ReadOnlySpan<byte> bytes = Utf8.Span;
        return bytes.Slice(x.KeyStart, x.KeyLength).SequenceEqual(bytes.Slice(y.KeyStart, y.KeyLength));
    }

    private void Grow()
    {
        TapeNode[] larger = ArrayPool<TapeNode>.Shared.Rent(_nodes.Length * 2);
        _nodes.AsSpan(0, _count).CopyTo(larger);
        ArrayPool<TapeNode>.Shared.Return(_nodes);
        _nodes = larger;
    }
}
