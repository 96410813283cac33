using Nosana.Programs.Borsh;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>A node's work on a job; while it exists the job is running. Its address is a fresh key, not a derived one.</summary>
public sealed record RunAccount : NosanaAccount<RunAccount>, IAccountLayout<RunAccount>
{
    public const int JobOffset = 8;
    public const int NodeOffset = 40;

    public static string Name => "RunAccount";

    public static int AllocatedLength => 120;

    public PublicKey Job { get; init; }

    /// <summary>Wallet of the node.</summary>
    public PublicKey Node { get; init; }

    /// <summary>Who paid this account's rent and gets it back: the node after work and claim, the job's payer after list and assign.</summary>
    public PublicKey Payer { get; init; }

    /// <summary>Never written by the program; any value is accepted.</summary>
    public byte State { get; init; }

    /// <summary>Unix seconds of creation: billing begins here.</summary>
    public long Time { get; init; }

    public static AccountFilter JobFilter(PublicKey job) => new(JobOffset, job);

    public static AccountFilter NodeFilter(PublicKey node) => new(NodeOffset, node);

    public static RunAccount ReadFields(ref BorshReader reader) => new()
    {
        Job = reader.ReadPublicKey(),
        Node = reader.ReadPublicKey(),
        Payer = reader.ReadPublicKey(),
        State = reader.ReadU8(),
        Time = reader.ReadI64(),
    };

    public void WriteFields(BorshWriter writer) => writer.PublicKey(Job).PublicKey(Node).PublicKey(Payer).U8(State).I64(Time);
}
