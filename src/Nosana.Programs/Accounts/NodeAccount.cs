using Nosana.Programs.Borsh;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>A node's registration. The three strings together have room for 62 bytes.</summary>
public sealed record NodeAccount : NosanaAccount<NodeAccount>, IAccountLayout<NodeAccount>
{
    public const int AuthorityOffset = 8;

    public static string Name => "NodeAccount";

    public static int AllocatedLength => 128;

    public PublicKey Authority { get; init; }

    public bool Audited { get; init; }

    public NodeArchitecture Architecture { get; init; }

    /// <summary>ISO 3166 numeric code.</summary>
    public ushort Country { get; init; }

    /// <summary>Virtual processors.</summary>
    public ushort Cpu { get; init; }

    public ushort Gpu { get; init; }

    /// <summary>GB.</summary>
    public ushort Memory { get; init; }

    public ushort Iops { get; init; }

    /// <summary>GB.</summary>
    public ushort Storage { get; init; }

    public string Endpoint { get; init; } = "";

    public string Icon { get; init; } = "";

    public string Version { get; init; } = "";

    public static AccountFilter AuthorityFilter(PublicKey authority) => new(AuthorityOffset, authority);

    public static NodeAccount ReadFields(ref BorshReader reader) => new()
    {
        Authority = reader.ReadPublicKey(),
        Audited = reader.ReadBool(),
        Architecture = (NodeArchitecture)reader.ReadU8(),
        Country = reader.ReadU16(),
        Cpu = reader.ReadU16(),
        Gpu = reader.ReadU16(),
        Memory = reader.ReadU16(),
        Iops = reader.ReadU16(),
        Storage = reader.ReadU16(),
        Endpoint = reader.ReadString(),
        Icon = reader.ReadString(),
        Version = reader.ReadString(),
    };

    public void WriteFields(BorshWriter writer) => writer
        .PublicKey(Authority).Bool(Audited).U8((byte)Architecture).U16(Country).U16(Cpu).U16(Gpu).U16(Memory).U16(Iops).U16(Storage)
        .String(Endpoint).String(Icon).String(Version);
}
