using Nosana.Programs.Borsh;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>A listed job: its definition, its terms, its end.</summary>
public sealed record JobAccount : NosanaAccount<JobAccount>, IAccountLayout<JobAccount>
{
    /// <summary>Bytes of a definition's or a result's SHA-256 digest.</summary>
    public const int DigestLength = 32;

    public const int MarketOffset = 72;
    public const int NodeOffset = 104;
    public const int PayerOffset = 136;
    public const int ProjectOffset = 176;
    public const int StateOffset = 208;

    public static string Name => "JobAccount";

    public static int AllocatedLength => 240;

    /// <summary>SHA-256 digest of the definition's CIDv0.</summary>
    public byte[] IpfsJob { get; init; } = new byte[DigestLength];

    /// <summary>Digest of the result; all zero until finish or complete.</summary>
    public byte[] IpfsResult { get; init; } = new byte[DigestLength];

    public PublicKey Market { get; init; }

    /// <summary>Zero until finish or end writes it: a running job still shows zero.</summary>
    public PublicKey Node { get; init; }

    /// <summary>Paid rent and deposit, and gets both refunds.</summary>
    public PublicKey Payer { get; init; }

    /// <summary>Micro-NOS per second, as the market asked at listing.</summary>
    public ulong Price { get; init; }

    /// <summary>The poster: only it may delist, extend, end and recover.</summary>
    public PublicKey Project { get; init; }

    /// <summary>May hold a value outside the enum; nothing is inferred from one.</summary>
    public JobState State { get; init; }

    /// <summary>Unix seconds, 0 until done.</summary>
    public long TimeEnd { get; init; }

    /// <summary>Unix seconds, 0 until done; then the run's time.</summary>
    public long TimeStart { get; init; }

    /// <summary>Seconds.</summary>
    public long Timeout { get; init; }

    public bool HasResult => IpfsResult.AsSpan().ContainsAnyExcept((byte)0);

    public static AccountFilter MarketFilter(PublicKey market) => new(MarketOffset, market);

    /// <summary>Finds done jobs only: a running one does not name its node yet.</summary>
    public static AccountFilter NodeFilter(PublicKey node) => new(NodeOffset, node);

    public static AccountFilter ProjectFilter(PublicKey project) => new(ProjectOffset, project);

    public static AccountFilter StateFilter(JobState state) => new(StateOffset, [(byte)state]);

    public static JobAccount ReadFields(ref BorshReader reader) => new()
    {
        IpfsJob = reader.ReadBytes(DigestLength),
        IpfsResult = reader.ReadBytes(DigestLength),
        Market = reader.ReadPublicKey(),
        Node = reader.ReadPublicKey(),
        Payer = reader.ReadPublicKey(),
        Price = reader.ReadU64(),
        Project = reader.ReadPublicKey(),
        State = (JobState)reader.ReadU8(),
        TimeEnd = reader.ReadI64(),
        TimeStart = reader.ReadI64(),
        Timeout = reader.ReadI64(),
    };

    public void WriteFields(BorshWriter writer) => writer
        .Bytes(IpfsJob).Bytes(IpfsResult).PublicKey(Market).PublicKey(Node).PublicKey(Payer).U64(Price).PublicKey(Project)
        .U8((byte)State).I64(TimeEnd).I64(TimeStart).I64(Timeout);
}

/// <summary>
/// The state stored in a job account. There is no stored "running": a queued job is running when a <see cref="RunAccount"/> names it.
/// </summary>
public enum JobState : byte
{
    Queued = 0,
    Done = 2,
    Stopped = 3,
}

/// <summary>A market's kind of jobs. Informational, but <see cref="Unknown"/> keeps its queue from taking anything.</summary>
public enum JobType : byte
{
    Default = 0,
    Small = 1,
    Medium = 2,
    Large = 3,
    Gpu = 4,
    Unknown = 255,
}
