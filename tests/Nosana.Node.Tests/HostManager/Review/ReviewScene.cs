using System.Buffers.Binary;
using Nosana.Node.HostManager.Review;
using Nosana.Programs;
using Nosana.Solana.Programs;
using Nosana.Solana.Programs.Models;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Tests.HostManager.Review;

/// <summary>
/// A wallet with NOS in two accounts, an access key whose issuer wants it back, and an NFT of its own; and transactions that a stranger wants
/// it to sign.
/// </summary>
internal static class ReviewScene
{
    public static readonly ProgramAddresses Addresses = ProgramAddresses.Mainnet;
    public static readonly PublicKey Stranger = Key(99), SomeMarket = Key(60);
    public static readonly PublicKey SecondNos = Key(51), KeyToken = Key(52), StrangersToken = Key(53), NftToken = Key(54), WrappedSolToken = Key(55);
    public static readonly PublicKey OldKeyMint = Key(56), Nft = Key(57), OwnMint = Key(58);

    public static Account Account { get; } = Solana.Wallet.Account.FromSeed([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    /// <summary>Signs what makes it, as the service does with the mint of a new access key.</summary>
    public static Account MintAccount { get; } = Solana.Wallet.Account.FromSeed([.. Enumerable.Repeat((byte)50, 32)]);

    public static PublicKey Mint => MintAccount.PublicKey;

    public static PublicKey Wallet => Account.PublicKey;

    public static PublicKey Nos => Addresses.NosTokenAccount(Wallet);

    public static ReviewedWallet Reviewed { get; } = new(
        Wallet, Addresses,
        new Dictionary<PublicKey, AccountInfo>
        {
            [Wallet] = new() { Lamports = 1_000_000_000, Owner = WellKnownAddresses.SystemProgram, Data = [] },
            [Nos] = Token(new(Addresses.NosMint, Wallet, 1_000, null, TokenAccountState.Initialized, null, 0, null)),
            [SecondNos] = Token(new(Addresses.NosMint, Wallet, 500, null, TokenAccountState.Initialized, null, 0, null)),
            [WrappedSolToken] = Token(new(ReviewedWallet.WrappedSol, Wallet, 500, null, TokenAccountState.Initialized, 2_039_280, 0, null)),
            [KeyToken] = Token(new(OldKeyMint, Wallet, 1, null, TokenAccountState.Initialized, null, 0, null)),
            [NftToken] = Token(new(Nft, Wallet, 1, null, TokenAccountState.Initialized, null, 0, null)),
            [StrangersToken] = Token(new(Addresses.NosMint, Stranger, 50, null, TokenAccountState.Initialized, null, 0, null)),
            [OwnMint] = Program(WellKnownAddresses.TokenProgram, new Mint(Wallet, 1_000, 6, IsInitialized: true, null).Serialize()),
        },
        new Dictionary<PublicKey, ulong> { [OldKeyMint] = 1 });

    public static AccountInfo Token(TokenAccount token) => Program(WellKnownAddresses.TokenProgram, token.Serialize());

    public static AccountInfo Program(PublicKey owner, byte[] data) => new() { Lamports = 2_039_280, Owner = owner, Data = data };

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
