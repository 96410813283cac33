using System.Buffers.Binary;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using InstructionError = Nosana.LocalNet.Runtime.InstructionError;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>Creates the one token account of a wallet for a mint at its derived address.</summary>
internal sealed class AssociatedTokenProgram : IOnChainProgram
{
    private const uint InvalidOwner = 0;

    private static readonly PublicKey System = WellKnownAddresses.SystemProgram;
    private static readonly PublicKey Token = WellKnownAddresses.TokenProgram;

    public PublicKey Id => WellKnownAddresses.AssociatedTokenProgram;

    public ulong ComputeUnits => 5_000;

    /// <summary>The address and its bump.</summary>
    public static (PublicKey Address, byte Bump) Derive(PublicKey wallet, PublicKey mint) => Derive(wallet, mint, Token);

    private static (PublicKey Address, byte Bump) Derive(PublicKey wallet, PublicKey mint, PublicKey tokenProgram) =>
        PublicKey.TryFindProgramAddress(
            [wallet.KeyBytes, tokenProgram.KeyBytes, mint.KeyBytes], WellKnownAddresses.AssociatedTokenProgram, out PublicKey address, out byte bump)
            ? (address, bump)
            : throw new InvalidOperationException($"no associated token address exists for wallet {wallet} and mint {mint}");

    public void Execute(InstructionContext context)
    {
        bool idempotent = context.Data switch
        {
            [] or [0] => false,
            [1] => true,
            _ => throw new InstructionFailure(InstructionError.InvalidInstructionData),
        };
        context.Log(idempotent ? "CreateIdempotent" : "Create");
        AccountView payer = context.Account(0), account = context.Account(1), wallet = context.Account(2);
        AccountView mint = context.Account(3), tokenProgram = context.Account(5);
        (PublicKey address, byte bump) = Derive(wallet.Key, mint.Key, tokenProgram.Key);
        if (address != account.Key)
        {
            context.Log("Error: Associated address does not match seed derivation");
            throw new InstructionFailure(InstructionError.InvalidSeeds);
        }
        // This network has no other token program.
        if (tokenProgram.Key != Token) throw new InstructionFailure(InstructionError.IncorrectProgramId);
        if (idempotent && account.Owner == Token)
        {
            RequireExisting(context, account, wallet.Key, mint.Key);
            return;
        }
        if (account.Owner != System) throw new InstructionFailure(InstructionError.IllegalOwner);
        if (mint.Owner != Token) throw new InstructionFailure(InstructionError.IncorrectProgramId);
        context.Invoke(new TransactionInstruction(Token, [AccountMeta.ReadOnly(mint.Key, false)], [21, 7, 0]));
        CreateAt(context, payer, account, [wallet.Key.KeyBytes, Token.KeyBytes, mint.Key.KeyBytes, [bump]]);
        context.Log("Initialize the associated token account");
        context.Invoke(new TransactionInstruction(Token, [AccountMeta.Writable(address, false)], [22]));
        context.Invoke(
            new TransactionInstruction(Token, [AccountMeta.Writable(address, false), AccountMeta.ReadOnly(mint.Key, false)], [18, .. wallet.Key.KeyBytes]));
    }

    private static void RequireExisting(InstructionContext context, AccountView account, PublicKey wallet, PublicKey mint)
    {
        TokenAccountData existing = TokenAccountData.Read(account.Data);
        if (existing.Owner != wallet)
        {
            context.Log("Error: Associated token account owner does not match address derivation");
            throw new InstructionFailure(InvalidOwner);
        }
        if (existing.Mint != mint) throw new InstructionFailure(InstructionError.InvalidAccountData);
    }

    /// <summary>An address that already holds lamports cannot be created, only topped up, allocated and assigned.</summary>
    private static void CreateAt(InstructionContext context, AccountView payer, AccountView account, byte[][] seeds)
    {
        ulong rent = Rent.MinimumBalance(TokenLayout.AccountLength);
        AccountMeta from = AccountMeta.Writable(payer.Key, true), to = AccountMeta.Writable(account.Key, true);
        if (account.Lamports == 0)
        {
            context.Invoke(
                new TransactionInstruction(System, [from, to], [.. U32(0), .. U64(rent), .. U64(TokenLayout.AccountLength), .. Token.KeyBytes]), seeds);
            return;
        }
        if (account.Lamports < rent) context.Invoke(new TransactionInstruction(System, [from, to], [.. U32(2), .. U64(rent - account.Lamports)]), seeds);
        context.Invoke(new TransactionInstruction(System, [to], [.. U32(8), .. U64(TokenLayout.AccountLength)]), seeds);
        context.Invoke(new TransactionInstruction(System, [to], [.. U32(1), .. Token.KeyBytes]), seeds);
    }

    private static byte[] U32(uint value)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] U64(ulong value)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
