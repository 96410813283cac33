using System.Buffers.Binary;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>A token account, decoded. State: 0 not initialized, 1 initialized, 2 frozen.</summary>
internal sealed class TokenAccountData
{
    public PublicKey Mint { get; set; }

    public PublicKey Owner { get; set; }

    public ulong Amount { get; set; }

    public PublicKey? Delegate { get; set; }

    public byte State { get; set; } = 1;

    /// <summary>For wrapped SOL: the lamports that are rent and not balance.</summary>
    public ulong? NativeReserve { get; set; }

    public ulong DelegatedAmount { get; set; }

    public PublicKey? CloseAuthority { get; set; }

    public bool IsFrozen => State == 2;

    /// <summary>Fails with <c>InvalidAccountData</c> on a wrong length, <c>UninitializedAccount</c> on a blank account.</summary>
    public static TokenAccountData Read(ReadOnlySpan<byte> data)
    {
        TokenAccountData account = ReadUnchecked(data);
        return account.State != 0 ? account : throw new InstructionFailure(InstructionError.UninitializedAccount);
    }

    public static TokenAccountData ReadUnchecked(ReadOnlySpan<byte> data)
    {
        if (data.Length != TokenLayout.AccountLength || data[TokenLayout.AccountState] > 2) throw new InstructionFailure(InstructionError.InvalidAccountData);
        return new TokenAccountData
        {
            Mint = new PublicKey(data.Slice(TokenLayout.AccountMint, PublicKey.Length)),
            Owner = new PublicKey(data.Slice(TokenLayout.AccountOwner, PublicKey.Length)),
            Amount = BinaryPrimitives.ReadUInt64LittleEndian(data[TokenLayout.AccountAmount..]),
            Delegate = TokenOption.ReadKey(data[TokenLayout.AccountDelegate..]),
            State = data[TokenLayout.AccountState],
            NativeReserve = TokenOption.ReadU64(data[TokenLayout.AccountNative..]),
            DelegatedAmount = BinaryPrimitives.ReadUInt64LittleEndian(data[TokenLayout.AccountDelegatedAmount..]),
            CloseAuthority = TokenOption.ReadKey(data[TokenLayout.AccountCloseAuthority..]),
        };
    }

    /// <summary>As an account that was never anything else.</summary>
    public byte[] ToBytes() => ToBytes(stackalloc byte[TokenLayout.AccountLength]);

    /// <summary>Over the account's bytes as they are: an option that is now absent keeps its old value behind its tag, as the program leaves it.</summary>
    public byte[] ToBytes(ReadOnlySpan<byte> over)
    {
        byte[] bytes = over.ToArray();
        Span<byte> data = bytes;
        Mint.CopyTo(data);
        Owner.CopyTo(data[TokenLayout.AccountOwner..]);
        BinaryPrimitives.WriteUInt64LittleEndian(data[TokenLayout.AccountAmount..], Amount);
        TokenOption.Write(data[TokenLayout.AccountDelegate..], Delegate);
        data[TokenLayout.AccountState] = State;
        TokenOption.Write(data[TokenLayout.AccountNative..], NativeReserve);
        BinaryPrimitives.WriteUInt64LittleEndian(data[TokenLayout.AccountDelegatedAmount..], DelegatedAmount);
        TokenOption.Write(data[TokenLayout.AccountCloseAuthority..], CloseAuthority);
        return bytes;
    }
}
