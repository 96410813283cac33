using Nosana.Programs.Accounts;

namespace Nosana.Deployments.Vaults;

/// <summary>What things cost on chain now.</summary>
/// <param name="NosPerSecond">Of a job on the market, in micro-NOS.</param>
public sealed record Prices(ulong NosPerSecond)
{
    /// <summary>Lamports; Solana's fee for each signature of a transaction.</summary>
    public ulong FeePerSignature { get; init; } = 5000;

    /// <summary>Lamports a transaction pays to be taken before others.</summary>
    public ulong PriorityFee { get; init; }

    /// <summary>Lamports that keep an account of no bytes for ever; Solana counts 128 bytes for what it notes of each account itself.</summary>
    public ulong RentOfEmptyAccount { get; init; } = 128 * LamportsPerByte;

    /// <summary>Lamports for each byte of an account: 3,480 a year, two years (Solana's rent sysvar).</summary>
    public ulong RentPerByte { get; init; } = LamportsPerByte;

    private const ulong LamportsPerByte = 3480 * 2;

    /// <summary>Lamports that keep a job's account; they come back when it is delisted or cleaned.</summary>
    public ulong RentOfJob => RentOfEmptyAccount + RentPerByte * (ulong)JobAccount.AllocatedLength;

    /// <summary>Lamports that keep a run's account, of a job that a host has; they come back when it ends.</summary>
    public ulong RentOfRun => RentOfEmptyAccount + RentPerByte * (ulong)RunAccount.AllocatedLength;
}

/// <summary>Amounts of both currencies.</summary>
/// <param name="Nos">Micro-NOS.</param>
/// <param name="Sol">Lamports.</param>
public readonly record struct Funds(UInt128 Nos, UInt128 Sol)
{
    public static Funds operator +(Funds left, Funds right) => new(left.Nos + right.Nos, left.Sol + right.Sol);

    public static Funds operator *(Funds one, int times) => new(one.Nos * (UInt128)times, one.Sol * (UInt128)times);

    /// <summary>What is missing of them where so much is there.</summary>
    public Funds LessWhatIsIn(Funds there) => new(Nos > there.Nos ? Nos - there.Nos : 0, Sol > there.Sol ? Sol - there.Sol : 0);

    public bool AreIn(Funds there) => Nos <= there.Nos && Sol <= there.Sol;
}
