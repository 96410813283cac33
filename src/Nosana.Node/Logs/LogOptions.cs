namespace Nosana.Node.Logs;

/// <summary>Bounds of what is kept of an operation's output.</summary>
internal sealed record LogOptions
{
    /// <summary>Bytes on disk an operation; when over it the oldest segment goes.</summary>
    public long BudgetBytes { get; init; } = 512L << 20;

    /// <summary>Bytes on disk a job, whose operations have equal shares in it.</summary>
    public long JobBudgetBytes { get; init; } = 1L << 30;

    /// <summary>Bytes on disk of all jobs; when over it, the logs go of those that ended longest ago.</summary>
    public long StoreBudgetBytes { get; init; } = 10L << 30;

    /// <summary>A segment is closed when it has this many bytes.</summary>
    public int SegmentBytes { get; init; } = 8 << 20;

    /// <summary>A longer line is stored in pieces of at most this many bytes.</summary>
    public int MaxLineBytes { get; init; } = 256 << 10;

    /// <summary>Entries of an operation in its result, as the network's official host has them.</summary>
    public int ResultEntries { get; init; } = 24_999;

    /// <summary>Bytes of text of an operation in its result.</summary>
    public long ResultBytes { get; init; } = 4L << 20;

    /// <summary>Bytes of a job's whole result as it is sent, those of its JSON's escapes too.</summary>
    public long JobResultBytes { get; init; } = 16L << 20;

    /// <summary>Entries that wait in memory for a subscriber; a slower one finds the others in the store.</summary>
    public int SubscriberCapacity { get; init; } = 8_192;

    /// <summary>Bytes of an entry that may wait in memory; longer ones a subscriber finds in the store.</summary>
    public int SubscriberEntryBytes { get; init; } = 2 << 10;
}
