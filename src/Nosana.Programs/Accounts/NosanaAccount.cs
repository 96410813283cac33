using System.Diagnostics.CodeAnalysis;
using Nosana.Programs.Borsh;

namespace Nosana.Programs.Accounts;

/// <summary>An account of one of Nosana's programs: an 8-byte discriminator, then Borsh fields without padding.</summary>
[SuppressMessage("Design", "CA1000:Do not declare static members on generic types", Justification = "Read through the derived type: JobAccount.Decode.")]
public abstract record NosanaAccount<TSelf> where TSelf : NosanaAccount<TSelf>, IAccountLayout<TSelf>
{
    private static readonly byte[] s_discriminator = AnchorDiscriminator.OfAccount(TSelf.Name);

    /// <summary>The account type's first 8 bytes.</summary>
    public static ReadOnlySpan<byte> Discriminator => s_discriminator;

    /// <summary>The filter that every query for this account type begins with.</summary>
    public static AccountFilter TypeFilter { get; } = new(0, s_discriminator);

    /// <summary>
    /// Decodes by the lengths of the fields; bytes behind the last field are ignored, since a program leaves stale ones there.
    /// False for another account type, for an account closed in the meantime (empty) and for one cut short.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out TSelf? account)
    {
        account = null;
        if (!HasDiscriminator(data)) return false;
        var reader = new BorshReader(data[AnchorDiscriminator.Length..]);
        TSelf read = TSelf.ReadFields(ref reader);
        if (reader.Failed) return false;
        account = read;
        return true;
    }

    /// <exception cref="FormatException">The bytes are not such an account.</exception>
    public static TSelf Decode(ReadOnlySpan<byte> data) => TryDecode(data, out TSelf? account)
        ? account
        : throw new FormatException(HasDiscriminator(data)
            ? $"A {TSelf.Name} cut short: its fields do not fit in {data.Length} bytes."
            : $"Not a {TSelf.Name}: {data.Length} bytes beginning {Convert.ToHexStringLower(data[..Math.Min(data.Length, AnchorDiscriminator.Length)])}.");

    public static bool HasDiscriminator(ReadOnlySpan<byte> data) => data.StartsWith(s_discriminator);

    /// <summary>Discriminator and fields, without the unused rest of the allocation.</summary>
    public byte[] Encode()
    {
        var writer = new BorshWriter();
        writer.Bytes(s_discriminator);
        ((TSelf)this).WriteFields(writer);
        return writer.ToArray();
    }
}
