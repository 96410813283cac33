using Nosana.Programs.Borsh;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>A market: its terms, its vault and its one queue.</summary>
public sealed record MarketAccount : NosanaAccount<MarketAccount>, IAccountLayout<MarketAccount>
{
    /// <summary>Entries that fit in the allocation; one more fails at write-back (3004).</summary>
    public const int QueueCapacity = 314;

    public const int AuthorityOffset = 8;
    public const int QueueTypeOffset = 146;
    public const int QueueLengthOffset = 147;
    public const int QueueOffset = 151;

    public static string Name => "MarketAccount";

    public static int AllocatedLength => 10_224;

    /// <summary>May update and close the market and put nodes out of the queue.</summary>
    public PublicKey Authority { get; init; }

    /// <summary>Seconds that a finished job must age before anyone may clean it.</summary>
    public long JobExpiration { get; init; }

    /// <summary>Micro-NOS per second; copied into each job when it is listed.</summary>
    public ulong JobPrice { get; init; }

    /// <summary>Seconds; informational, no instruction enforces it.</summary>
    public long JobTimeout { get; init; }

    public JobType JobType { get; init; }

    public PublicKey Vault { get; init; }

    public byte VaultBump { get; init; }

    /// <summary>Collection mint of the access keys; zero (the system program) is an open market.</summary>
    public PublicKey NodeAccessKey { get; init; }

    /// <summary>Least <see cref="StakeAccount.Xnos"/> of a node, in micro-xNOS.</summary>
    public UInt128 NodeXnosMinimum { get; init; }

    /// <summary>What the queue holds. A value that no program version wrote reads as <see cref="QueueType.Empty"/>.</summary>
    public QueueType QueueType { get; init; } = QueueType.Empty;

    /// <summary>Oldest first: addresses of job accounts or of node wallets, by <see cref="QueueType"/>.</summary>
    public IReadOnlyList<PublicKey> Queue { get; init; } = [];

    public bool IsOpenMarket => NodeAccessKey.IsZero;

    /// <summary>Zero-based place of an address in the queue, or -1.</summary>
    public int IndexInQueue(PublicKey address)
    {
        for (int i = 0; i < Queue.Count; i++)
        {
            if (Queue[i] == address) return i;
        }
        return -1;
    }

    public static MarketAccount ReadFields(ref BorshReader reader) => new()
    {
        Authority = reader.ReadPublicKey(),
        JobExpiration = reader.ReadI64(),
        JobPrice = reader.ReadU64(),
        JobTimeout = reader.ReadI64(),
        JobType = (JobType)reader.ReadU8(),
        Vault = reader.ReadPublicKey(),
        VaultBump = reader.ReadU8(),
        NodeAccessKey = reader.ReadPublicKey(),
        NodeXnosMinimum = reader.ReadU128(),
        QueueType = reader.ReadU8() switch { 0 => QueueType.Job, 1 => QueueType.Node, _ => QueueType.Empty },
        Queue = reader.ReadPublicKeys(),
    };

    public void WriteFields(BorshWriter writer) => writer
        .PublicKey(Authority).I64(JobExpiration).U64(JobPrice).I64(JobTimeout).U8((byte)JobType)
        .PublicKey(Vault).U8(VaultBump).PublicKey(NodeAccessKey).U128(NodeXnosMinimum)
        .U8((byte)QueueType).PublicKeys(Queue);
}

/// <summary>What a market's queue holds: one queue, jobs or nodes, never both.</summary>
public enum QueueType : byte
{
    Job = 0,
    Node = 1,
    Empty = 255,
}
