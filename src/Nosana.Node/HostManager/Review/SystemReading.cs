using System.Buffers.Binary;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager.Review;

/// <summary>The system program's instructions (tags of <c>SystemInstruction</c>, u32).</summary>
internal static class SystemReading
{
    private const int CreateAccount = 0, Transfer = 2, CreateAccountWithSeed = 3, AdvanceNonce = 4, Allocate = 8, TransferWithSeed = 11, UpgradeNonce = 12;

    private const int TagLength = 4;

    /// <summary>Lamports and space, u64 each, then the program that the account is for.</summary>
    private const int NewAccountLength = 48, NewAccountProgram = 16;

    /// <summary>Behind the tag: base key of 32 bytes, then the seed: u64 length and its bytes.</summary>
    private const int SeedOffset = 36, SeedText = 44, LongestSeed = 32;

    public static ReadInstruction Read(TransactionInstruction instruction, ReviewedWallet wallet)
    {
        ReadOnlySpan<byte> data = instruction.Data;
        if (data.Length < 4) return Unreadable();
        uint tag = BinaryPrimitives.ReadUInt32LittleEndian(data);
        switch (tag)
        {
            case CreateAccount when data.Length >= TagLength + NewAccountLength && instruction.Keys.Count >= 2:
                return Makes(instruction, wallet, data[TagLength..]);
            case CreateAccountWithSeed when instruction.Keys.Count >= 2 && BehindSeed(data) is { } behind:
                return Makes(instruction, wallet, data[behind..]);
            case Transfer when data.Length >= 12 && instruction.Keys.Count >= 2:
                return Pays(instruction, wallet, "moves SOL to", BinaryPrimitives.ReadUInt64LittleEndian(data[4..]));
            case TransferWithSeed when data.Length >= 12 && instruction.Keys.Count >= 3:
                // From an account that is derived from the signer: never from the wallet itself, but it may be the wallet's.
                return ReadInstruction.Bad("system: moves SOL out of an account derived from a signer", "it moves SOL out of an account derived from a signer");
            case >= AdvanceNonce and < Allocate or UpgradeNonce:
                return ReadInstruction.Bad("system: a nonce instruction", "with a nonce account a signature stays good for ever");
            case Allocate when instruction.Keys.Count >= 1 && instruction.Keys[0].PublicKey != wallet.Address:
            case 1 when instruction.Keys.Count >= 1 && instruction.Keys[0].PublicKey != wallet.Address:
                return ReadInstruction.Harmless($"system: {(tag == 1 ? "assigns" : "allocates")} {instruction.Keys[0].PublicKey}");
            case Allocate or 1:
                return ReadInstruction.Bad("system: hands the wallet's account to a program", "the wallet's own account would be handed to a program");
            default:
                return Unreadable();
        }
    }

    private static ReadInstruction Pays(TransactionInstruction instruction, ReviewedWallet wallet, string verb, ulong lamports) => ReadInstruction.Harmless(
        $"system: {instruction.Keys[0].PublicKey} {verb} {instruction.Keys[1].PublicKey}, {Amount.FormatSol(lamports)} SOL",
        instruction.Keys[0].PublicKey == wallet.Address ? lamports : 0);

    private static ReadInstruction Makes(TransactionInstruction instruction, ReviewedWallet wallet, ReadOnlySpan<byte> behind)
    {
        ReadInstruction read = Pays(instruction, wallet, "makes account", BinaryPrimitives.ReadUInt64LittleEndian(behind));
        var program = new PublicKey(behind.Slice(NewAccountProgram, PublicKey.Length));
        bool isExpected = program == WellKnownAddresses.SystemProgram || program == WellKnownAddresses.TokenProgram
            || program == WellKnownAddresses.TokenMetadataProgram || NosanaPrograms.Find(wallet.Programs, program) is not null;
        return isExpected ? read : read with { Objections = [$"it makes an account for program {program}, which is not on the list"] };
    }

    private static int? BehindSeed(ReadOnlySpan<byte> data)
    {
        if (data.Length < SeedText) return null;
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(data[SeedOffset..]);
        return length <= LongestSeed && data.Length >= SeedText + (int)length + NewAccountLength ? SeedText + (int)length : null;
    }

    private static ReadInstruction Unreadable() => ReadInstruction.Bad("system: unreadable", "it is an instruction of the system program that cannot be read");
}
