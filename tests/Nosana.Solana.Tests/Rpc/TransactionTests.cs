using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Builders;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Tests.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Tests.Rpc;

public sealed class TransactionTests
{
    public static TheoryData<int> Vectors => [.. Enumerable.Range(0, Web3Vectors.TransactionCount)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Build_SameInstructionsAsTheOfficialLibrary_GivesTheSameBytes(int index)
    {
        Web3Vectors.TransactionVector vector = Web3Vectors.Transaction(index);
        TransactionBuilder builder = new TransactionBuilder().SetRecentBlockHash(Web3Vectors.Blockhash).SetFeePayer(TestKeys.Of(1).PublicKey).SetVersion(vector.Version);
        foreach (TransactionInstruction instruction in vector.Instructions) builder.AddInstruction(instruction);
        Account[] signers = [.. vector.SignerSeeds.Select(TestKeys.Of)];

        Assert.Equal(vector.Message, builder.CompileMessage().Serialize());
        Assert.Equal(vector.Transaction, builder.Build(signers));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Deserialize_OfficialBytes_RoundTripsAndVerifies(int index)
    {
        Web3Vectors.TransactionVector vector = Web3Vectors.Transaction(index);
        Transaction transaction = Transaction.Deserialize(vector.Transaction);
        Assert.True(transaction.VerifySignatures());
        Assert.Equal(vector.Version, transaction.Message.Version);
        Assert.Equal(Web3Vectors.Blockhash, transaction.Message.RecentBlockhash);
        Assert.Equal(vector.Transaction, transaction.Serialize());
        Assert.Equal(vector.Message, transaction.Message.Serialize());
        Assert.Equal(vector.Instructions.Select(i => (i.ProgramId, Convert.ToHexString(i.Data))), transaction.Message.Decompile().Select(i => (i.ProgramId, Convert.ToHexString(i.Data))));
        Assert.Equal(vector.Instructions.SelectMany(i => i.Keys.Select(k => k.PublicKey)), transaction.Message.Decompile().SelectMany(i => i.Keys.Select(k => k.PublicKey)));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Deserialize_EveryTruncationAndFlippedBit_IsRefusedOrFailsToVerify(int index)
    {
        byte[] bytes = Web3Vectors.Transaction(index).Transaction;
        for (int length = 0; length < bytes.Length; length++) Assert.Throws<FormatException>(() => Transaction.Deserialize(bytes.AsSpan(0, length)));
        Assert.Throws<FormatException>(() => Transaction.Deserialize([.. bytes, 0]));
        for (int at = 0; at < bytes.Length; at++)
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 0x41;
            try
            {
                Assert.False(Transaction.Deserialize(changed).VerifySignatures());
            }
            catch (FormatException exception)
            {
                Assert.NotEmpty(exception.Message); // refused, which is as good
            }
        }
    }

    [Fact]
    public void Compile_AccountWithDifferentPrivileges_GetsTheUnion()
    {
        PublicKey payer = TestKeys.Of(1).PublicKey, shared = TestKeys.Of(2).PublicKey, program = TestKeys.Of(3).PublicKey;
        var message = Message.Compile(payer,
        [
            new TransactionInstruction(program, [AccountMeta.ReadOnly(shared, isSigner: false), AccountMeta.ReadOnly(payer, isSigner: false)], [1]),
            new TransactionInstruction(program, [AccountMeta.Writable(shared, isSigner: false)], [2]),
            new TransactionInstruction(program, [AccountMeta.ReadOnly(shared, isSigner: true)], [3]),
        ], Web3Vectors.Blockhash);
        Assert.Equal([payer, shared, program], message.AccountKeys);
        Assert.Equal(new MessageHeader(2, 0, 1), message.Header);
        Assert.True(message.IsSigner(1) && message.IsWritable(1));
        Assert.False(message.IsSigner(2) || message.IsWritable(2));
    }

    [Fact]
    public void Sign_PartByPart_EndsComplete()
    {
        Account payer = TestKeys.Of(1), other = TestKeys.Of(3);
        var message = Message.Compile(payer.PublicKey, [SystemProgram.CreateAccount(payer.PublicKey, other.PublicKey, 1, 0, WellKnownAddresses.SystemProgram)], Web3Vectors.Blockhash);
        var transaction = new Transaction(message);
        transaction.PartialSign(other);
        Assert.Equal([payer.PublicKey], transaction.MissingSigners);
        Assert.False(transaction.VerifySignatures());
        Assert.Throws<InvalidOperationException>(() => transaction.Signature);

        Transaction received = Transaction.Deserialize(transaction.Serialize());
        Assert.Equal([payer.PublicKey], received.MissingSigners);
        received.AddSignature(payer.PublicKey, payer.Sign(received.MessageBytes.Span));
        Assert.True(received.VerifySignatures());
    }

    [Fact]
    public void Sign_WithoutOneOfTheSigners_NamesIt()
    {
        Account payer = TestKeys.Of(1), other = TestKeys.Of(3), stranger = TestKeys.Of(9);
        var transaction = new Transaction(Message.Compile(payer.PublicKey, [SystemProgram.CreateAccount(payer.PublicKey, other.PublicKey, 1, 0, WellKnownAddresses.SystemProgram)], Web3Vectors.Blockhash));
        Assert.Contains(other.PublicKey.Key, Assert.Throws<InvalidOperationException>(() => transaction.Sign(payer)).Message, StringComparison.Ordinal);
        Assert.Contains(stranger.PublicKey.Key, Assert.Throws<InvalidOperationException>(() => transaction.PartialSign(stranger)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => transaction.AddSignature(other.PublicKey, new byte[64]));
    }

    [Fact]
    public void Serialize_At1232And1233Bytes_IsAllowedAndRefused()
    {
        Account payer = TestKeys.Of(1);
        byte[] Build(int dataLength) => new TransactionBuilder().SetRecentBlockHash(Web3Vectors.Blockhash)
            .AddInstruction(new TransactionInstruction(TestKeys.Of(2).PublicKey, [], new byte[dataLength])).Build(payer);
        int overhead = Build(500).Length - 500;
        Assert.Equal(Transaction.MaxLength, Build(Transaction.MaxLength - overhead).Length);
        Assert.Contains("1233", Assert.Throws<InvalidOperationException>(() => Build(Transaction.MaxLength - overhead + 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WithoutWhatItNeeds_SaysWhat()
    {
        Account payer = TestKeys.Of(1);
        TransactionInstruction transfer = SystemProgram.Transfer(payer.PublicKey, payer.PublicKey, 1);
        Assert.Contains("blockhash", Assert.Throws<InvalidOperationException>(() => new TransactionBuilder().AddInstruction(transfer).Build(payer)).Message, StringComparison.Ordinal);
        Assert.Contains("instruction", Assert.Throws<InvalidOperationException>(() => new TransactionBuilder().SetRecentBlockHash(Web3Vectors.Blockhash).Build(payer)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(5, "05")]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(255, "FF01")]
    [InlineData(256, "8002")]
    [InlineData(16383, "FF7F")]
    [InlineData(16384, "808001")]
    [InlineData(65535, "FFFF03")]
    public void EncodeLength_KnownValues_MatchAndRoundTrip(int value, string hex)
    {
        var buffer = new byte[ShortVectorEncoding.MaxLength];
        int written = ShortVectorEncoding.EncodeLength(value, buffer);
        Assert.Equal(hex, Convert.ToHexString(buffer, 0, written));
        Assert.True(ShortVectorEncoding.TryDecodeLength(buffer, out int decoded, out int read));
        Assert.Equal((value, written), (decoded, read));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8000")] // 0 in two bytes
    [InlineData("FF8000")]
    [InlineData("FFFF04")] // above 65,535
    [InlineData("FFFFFF")]
    public void TryDecodeLength_OtherThanTheShortestForm_IsFalse(string hex) =>
        Assert.False(ShortVectorEncoding.TryDecodeLength(Convert.FromHexString(hex), out _, out _));
}
