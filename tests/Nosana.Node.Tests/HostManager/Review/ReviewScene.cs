using System.Buffers.Binary;
using Nosana.Node.HostManager.Review;
using Nosana.Programs;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Tests.HostManager.Review;

/// <summary>A wallet with NOS in two accounts and one other token, and transactions that a stranger wants it to sign.</summary>
internal static class ReviewScene
{
    public static readonly ProgramAddresses Addresses = ProgramAddresses.Mainnet;
    public static readonly PublicKey Stranger = Key(99), SomeMarket = Key(60);
    public static readonly PublicKey SecondNos = Key(51), KeyToken = Key(52), StrangersToken = Key(53);

    public static Account Account { get; } = Solana.Wallet.Account.FromSeed([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    /// <summary>Signs what makes it, as the service does with the mint of a new access key.</summary>
    public static Account MintAccount { get; } = Solana.Wallet.Account.FromSeed([.. Enumerable.Repeat((byte)50, 32)]);

    public static PublicKey Mint => MintAccount.PublicKey;

    public static PublicKey Wallet => Account.PublicKey;

    public static PublicKey Nos => Addresses.NosTokenAccount(Wallet);

    public static ReviewedWallet Reviewed { get; } = new(Wallet, Addresses, new Dictionary<PublicKey, PublicKey> { [Nos] = Addresses.NosMint, [SecondNos] = Addresses.NosMint, [KeyToken] = Mint });

    public static ReviewOutcome Examine(params TransactionInstruction[] instructions) => Examine(Wallet, instructions);

    public static ReviewOutcome Examine(PublicKey feePayer, params TransactionInstruction[] instructions)
    {
        // As it comes over the wire: bytes, not objects.
        var transaction = new Transaction(Message.Compile(feePayer, instructions, Key(7).Key));
        if (transaction.MissingSigners.Contains(Mint)) transaction.PartialSign(MintAccount);
        return TransactionReview.Examine(Transaction.Deserialize(transaction.Serialize()), Reviewed);
    }

    public static PublicKey Key(byte number) => new([number, .. new byte[30], number]);

    public static TransactionInstruction TokenCall(byte tag, ulong? amount, params PublicKey[] keys)
    {
        byte[] data = amount is { } number ? [tag, .. new byte[8]] : [tag];
        if (amount is { } value) BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(1), value);
        return new TransactionInstruction(WellKnownAddresses.TokenProgram, [.. keys.Select(key => AccountMeta.Writable(key, isSigner: key == Wallet))], data);
    }

    public static TransactionInstruction SystemCall(uint tag, byte[] more, params PublicKey[] keys)
    {
        byte[] data = [0, 0, 0, 0, .. more];
        BinaryPrimitives.WriteUInt32LittleEndian(data, tag);
        return new TransactionInstruction(WellKnownAddresses.SystemProgram, [.. keys.Select(key => AccountMeta.Writable(key, isSigner: key == Wallet))], data);
    }

    public static byte[] U64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
