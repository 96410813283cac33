using System.Text;

namespace Nosana.JobDefinition.Documents;

/// <summary>
/// Numbers for the keys that the rules know, so that a document's keys are compared as bytes once and as numbers afterwards.
/// Filled while the rules are built (one thread, before any reading); read only from then on.
/// </summary>
internal static class KeyTable
{
    /// <summary>Id of a key that no rule names.</summary>
    public const ushort Unknown = 0;

    /// <summary>More than the rules have; ids fit two 64-bit masks.</summary>
    public const int MaxKeys = 128;

    private const int Slots = 1024;

    private static readonly List<byte[]> s_names = [[]];
    private static readonly ushort[] s_slots = new ushort[Slots];

    /// <summary>The id of that key, a new one when it is named for the first time.</summary>
    public static ushort Register(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        ushort known = Find(bytes);
        if (known != Unknown) return known;
        if (s_names.Count == MaxKeys) throw new InvalidOperationException($"more than {MaxKeys} keys");
        ushort id = (ushort)s_names.Count;
        s_names.Add(bytes);
        int slot = SlotOf(bytes);
        while (s_slots[slot] != Unknown) slot = (slot + 1) % Slots;
        s_slots[slot] = id;
        return id;
    }

    /// <summary>The id of that key, or <see cref="Unknown"/>.</summary>
    public static ushort Find(ReadOnlySpan<byte> name)
    {
        for (int slot = SlotOf(name); ; slot = (slot + 1) % Slots)
        {
            ushort id = s_slots[slot];
            if (id == Unknown || name.SequenceEqual(s_names[id])) return id;
        }
    }

    private static int SlotOf(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return 0;
        // Unsigned: a stranger's key may be long enough for the sum to wrap around.
        uint hash = (uint)name.Length * 31 + name[0];
        hash = hash * 31 + name[name.Length / 2];
        hash = hash * 31 + name[^1];
        return (int)(hash % Slots);
    }
}
