using System.Diagnostics.CodeAnalysis;
using Nosana.Programs.Borsh;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>Metaplex's metadata of a mint, as far as an access key needs it: up to and including the collection.</summary>
public sealed record TokenMetadata
{
    /// <summary>Key of a MetadataV1 account, its first byte.</summary>
    public const byte MetadataV1 = 4;

    public const int NameLength = 32;
    public const int SymbolLength = 10;
    public const int UriLength = 200;

    public PublicKey UpdateAuthority { get; init; }

    public PublicKey Mint { get; init; }

    /// <summary>Without the zero bytes that pad it on chain.</summary>
    public string Name { get; init; } = "";

    public string Symbol { get; init; } = "";

    public string Uri { get; init; } = "";

    public ushort SellerFeeBasisPoints { get; init; }

    public IReadOnlyList<TokenCreator> Creators { get; init; } = [];

    public bool PrimarySaleHappened { get; init; }

    public bool IsMutable { get; init; }

    public byte? EditionNonce { get; init; }

    public byte? TokenStandard { get; init; }

    public TokenCollection? Collection { get; init; }

    /// <summary>Whether this metadata makes its token an access key of the collection.</summary>
    public bool IsVerifiedMemberOf(PublicKey collection) => Collection is { Verified: true } own && own.Key == collection;

    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out TokenMetadata? metadata)
    {
        metadata = null;
        var reader = new BorshReader(data);
        if (reader.ReadU8() != MetadataV1) return false;
        var read = new TokenMetadata
        {
            UpdateAuthority = reader.ReadPublicKey(),
            Mint = reader.ReadPublicKey(),
            Name = reader.ReadString().TrimEnd('\0'),
            Symbol = reader.ReadString().TrimEnd('\0'),
            Uri = reader.ReadString().TrimEnd('\0'),
            SellerFeeBasisPoints = reader.ReadU16(),
            Creators = ReadCreators(ref reader),
            PrimarySaleHappened = reader.ReadBool(),
            IsMutable = reader.ReadBool(),
            EditionNonce = reader.ReadBool() ? reader.ReadU8() : null,
            TokenStandard = reader.ReadBool() ? reader.ReadU8() : null,
            Collection = reader.ReadBool() ? new TokenCollection(reader.ReadBool(), reader.ReadPublicKey()) : null,
        };
        if (reader.Failed) return false;
        metadata = read;
        return true;
    }

    /// <summary>
    /// The account's bytes as Metaplex lays them out: texts padded to their full width, then absent uses, collection details and
    /// programmable configuration.
    /// </summary>
    public byte[] Encode()
    {
        var writer = new BorshWriter();
        writer.U8(MetadataV1).PublicKey(UpdateAuthority).PublicKey(Mint);
        writer.String(Name.PadRight(NameLength, '\0')).String(Symbol.PadRight(SymbolLength, '\0')).String(Uri.PadRight(UriLength, '\0'));
        writer.U16(SellerFeeBasisPoints);
        writer.Bool(Creators.Count > 0);
        if (Creators.Count > 0)
        {
            writer.U32((uint)Creators.Count);
            foreach (TokenCreator creator in Creators) writer.PublicKey(creator.Address).Bool(creator.Verified).U8(creator.Share);
        }
        writer.Bool(PrimarySaleHappened).Bool(IsMutable);
        WriteOption(writer, EditionNonce);
        WriteOption(writer, TokenStandard);
        writer.Bool(Collection is not null);
        if (Collection is { } collection) writer.Bool(collection.Verified).PublicKey(collection.Key);
        return writer.Bool(false).Bool(false).Bool(false).ToArray();
    }

    private static TokenCreator[] ReadCreators(ref BorshReader reader)
    {
        if (!reader.ReadBool()) return [];
        const int creatorLength = PublicKey.Length + 2;
        uint count = reader.ReadU32();
        if (reader.Failed || count > reader.Remaining / creatorLength)
        {
            reader.ReadBytes(int.MaxValue); // marks the reader as failed
            return [];
        }
        var creators = new TokenCreator[count];
        for (int i = 0; i < creators.Length; i++) creators[i] = new TokenCreator(reader.ReadPublicKey(), reader.ReadBool(), reader.ReadU8());
        return creators;
    }

    private static void WriteOption(BorshWriter writer, byte? value)
    {
        writer.Bool(value.HasValue);
        if (value is { } present) writer.U8(present);
    }
}

/// <summary>A creator in a token's metadata; share in percent.</summary>
public sealed record TokenCreator(PublicKey Address, bool Verified, byte Share);

/// <summary>The collection that a token's metadata names; only a verified one counts.</summary>
public sealed record TokenCollection(bool Verified, PublicKey Key);
