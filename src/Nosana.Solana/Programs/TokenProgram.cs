using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Programs;

/// <summary>Instructions of SPL Token (tags of <c>TokenInstruction</c>, u8). Amounts are base units.</summary>
public static class TokenProgram
{
    /// <summary>Length of a token account's data in bytes.</summary>
    public const int TokenAccountDataSize = 165;

    /// <summary>Length of a mint's data in bytes.</summary>
    public const int MintAccountDataSize = 82;

    private const byte TransferTag = 3;
    private const byte MintToTag = 7;
    private const byte CloseAccountTag = 9;
    private const byte TransferCheckedTag = 12;
    private const byte InitializeAccount3Tag = 18;
    private const byte InitializeMint2Tag = 20;

    public static TransactionInstruction Transfer(PublicKey source, PublicKey destination, ulong amount, PublicKey authority) => Instruction(
        [AccountMeta.Writable(source, false), AccountMeta.Writable(destination, false), AccountMeta.ReadOnly(authority, isSigner: true)],
        new InstructionData(9).U8(TransferTag).U64(amount).ToArray());

    /// <summary>A transfer that fails unless mint and decimals are as said.</summary>
    public static TransactionInstruction TransferChecked(
        PublicKey source, PublicKey destination, ulong amount, byte decimals, PublicKey authority, PublicKey mint) => Instruction(
            [AccountMeta.Writable(source, false), AccountMeta.ReadOnly(mint, false), AccountMeta.Writable(destination, false),
                AccountMeta.ReadOnly(authority, isSigner: true)],
            new InstructionData(10).U8(TransferCheckedTag).U64(amount).U8(decimals).ToArray());

    /// <summary>Makes a freshly created account of 82 bytes a mint.</summary>
    public static TransactionInstruction InitializeMint2(PublicKey mint, byte decimals, PublicKey mintAuthority, PublicKey? freezeAuthority = null)
    {
        InstructionData data = new InstructionData(freezeAuthority is null ? 35 : 67)
            .U8(InitializeMint2Tag).U8(decimals).Key(mintAuthority).U8(freezeAuthority is null ? (byte)0 : (byte)1);
        if (freezeAuthority is { } freeze) data = data.Key(freeze);
        return Instruction([AccountMeta.Writable(mint, false)], data.ToArray());
    }

    /// <summary>Makes a freshly created account of 165 bytes a token account.</summary>
    public static TransactionInstruction InitializeAccount3(PublicKey account, PublicKey mint, PublicKey owner) => Instruction(
        [AccountMeta.Writable(account, false), AccountMeta.ReadOnly(mint, false)],
        new InstructionData(33).U8(InitializeAccount3Tag).Key(owner).ToArray());

    public static TransactionInstruction MintTo(PublicKey mint, PublicKey destination, ulong amount, PublicKey mintAuthority) => Instruction(
        [AccountMeta.Writable(mint, false), AccountMeta.Writable(destination, false), AccountMeta.ReadOnly(mintAuthority, isSigner: true)],
        new InstructionData(9).U8(MintToTag).U64(amount).ToArray());

    /// <summary>Closes an empty token account; its lamports go to the destination.</summary>
    public static TransactionInstruction CloseAccount(PublicKey account, PublicKey destination, PublicKey authority) => Instruction(
        [AccountMeta.Writable(account, false), AccountMeta.Writable(destination, false), AccountMeta.ReadOnly(authority, isSigner: true)],
        [CloseAccountTag]);

    private static TransactionInstruction Instruction(IReadOnlyList<AccountMeta> keys, byte[] data) => new(WellKnownAddresses.TokenProgram, keys, data);
}
