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

    public byte[] ToBytes()
    {
        byte[] data = new byte[TokenLayout.AccountLength];
        Mint.CopyTo(data);
        Owner.CopyTo(data.AsSpan(TokenLayout.AccountOwner));
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(TokenLayout.AccountAmount), Amount);
        TokenOption.Write(data.AsSpan(TokenLayout.AccountDelegate), Delegate);
        data[TokenLayout.AccountState] = State;
        TokenOption.Write(data.AsSpan(TokenLayout.AccountNative), NativeReserve);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(TokenLayout.AccountDelegatedAmount), DelegatedAmount);
        TokenOption.Write(data.AsSpan(TokenLayout.AccountCloseAuthority), CloseAuthority);
        return data;
    }
}
