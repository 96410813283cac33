using Nosana.Node.HostManager.Review;
using Nosana.Programs.Instructions;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using static Nosana.Node.Tests.HostManager.Review.ReviewScene;

namespace Nosana.Node.Tests.HostManager.Review;

public sealed class TransactionReviewTests
{
    private static TransactionInstruction[] Minting =>
    [
        ComputeBudgetProgram.SetComputeUnitLimit(200_000),
        ComputeBudgetProgram.SetComputeUnitPrice(100_000),
        SystemProgram.CreateAccount(Wallet, Mint, 1_461_600, 82, WellKnownAddresses.TokenProgram),
        AssociatedTokenAccountProgram.CreateIdempotent(Wallet, Wallet, Mint),
        TokenProgram.MintTo(Mint, AssociatedTokenAccount.Derive(Wallet, Mint), 1, Wallet),
        new(WellKnownAddresses.TokenMetadataProgram, [AccountMeta.Writable(Key(70), false), AccountMeta.Writable(Wallet, true)], [33, 1, 2]),
    ];

    [Fact]
    public void Examine_MintingAnAccessKey_MayBeSignedAndIsShown()
    {
        ReviewOutcome verdict = Examine(Minting);

        Assert.Empty(verdict.Objections);
        Assert.Equal(Minting.Length + 2, verdict.Lines.Count);
        Assert.Contains($"mint {Mint}", verdict.Lines[4], StringComparison.Ordinal);
        // 5,000 for each of two signatures, 0.1 lamports for each of 200,000 units, the rents of a mint and of a token account.
        Assert.Contains("0.00353088 SOL", verdict.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Examine_AnotherFeePayer_Refused() => Refused(Examine(Stranger, TokenCall(7, 1, Mint, KeyToken, Wallet)), "fee payer");

    [Fact]
    public void Examine_AnotherSignatureMissing_Refused() =>
        Refused(Examine(new TransactionInstruction(WellKnownAddresses.SystemProgram, [AccountMeta.Writable(Stranger, true), AccountMeta.Writable(Wallet, false)], [2, 0, 0, 0, .. U64(5)])), Stranger.Key);

    [Fact]
    public void Examine_LookupTable_Refused()
    {
        byte[] legacy = Message.Compile(Wallet, [SystemProgram.Transfer(Wallet, Stranger, 1)], Key(7).Key, MessageVersion.V0).Serialize();
        // The count of lookup tables stands last; one table with one writable index follows.
        byte[] message = [.. legacy[..^1], 1, .. Key(80).KeyBytes, 1, 0, 0];
        var transaction = new Transaction(Message.Deserialize(message));

        ReviewOutcome verdict = TransactionReview.Examine(transaction, Reviewed);

        Refused(verdict, "lookup table");
    }

    [Fact]
    public void Examine_VersionedWithoutLookupTables_Reviewed() =>
        Assert.True(TransactionReview.Examine(new Transaction(Message.Compile(Wallet, [SystemProgram.Transfer(Wallet, Stranger, 1)], Key(7).Key, MessageVersion.V0)), Reviewed).MaySign);

    [Theory]
    [InlineData("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr")]
    [InlineData("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb")]
    [InlineData("BPFLoaderUpgradeab1e11111111111111111111111")]
    public void Examine_UnknownProgram_Refused(string program) => Refused(Examine(new TransactionInstruction(new PublicKey(program), [], [1])), program);

    [Fact]
    public void Examine_UnknownProgramBehindHarmlessOnes_Refused() => Refused(Examine([.. Minting, new TransactionInstruction(Key(90), [], [])]), Key(90).Key);

    [Fact]
    public void Examine_NoInstruction_Refused() => Refused(Examine([]), "no instruction");

    [Fact]
    public void Examine_DevnetsJobsProgramOnMainnet_Refused() =>
        Refused(Examine(new JobsInstructions(Nosana.Programs.ProgramAddresses.Devnet).Stop(SomeMarket, Wallet)), "not on the list");

    // ---- SOL

    [Theory]
    [InlineData(49_000_000UL, true)]
    [InlineData(49_994_999UL, true)]
    [InlineData(49_995_000UL, false)]
    [InlineData(50_000_000UL, false)]
    [InlineData(ulong.MaxValue, false)]
    public void Examine_TransferWithItsFee_LessThanTheLimit(ulong lamports, bool maySign) => Assert.Equal(maySign, Examine(SystemProgram.Transfer(Wallet, Stranger, lamports)).MaySign);

    [Fact]
    public void Examine_ManySmallTransfers_Summed() =>
        Refused(Examine([.. Enumerable.Range(0, 10).Select(_ => SystemProgram.Transfer(Wallet, Stranger, 5_000_000))]), "0.05");

    [Fact]
    public void Examine_TransfersThatOverflowSixtyFourBits_Refused() =>
        Refused(Examine(SystemProgram.Transfer(Wallet, Stranger, ulong.MaxValue), SystemProgram.Transfer(Wallet, Stranger, 1_000_000)), "may leave");

    [Fact]
    public void Examine_PriorityFee_CountsAsSpent() =>
        Refused(Examine(ComputeBudgetProgram.SetComputeUnitLimit(1_400_000), ComputeBudgetProgram.SetComputeUnitPrice(40_000_000), SystemProgram.Transfer(Wallet, Stranger, 1)), "may leave");

    [Fact]
    public void Examine_PriorityFeeWithoutLimit_CountsTheDefaultLimit() =>
        Refused(Examine(ComputeBudgetProgram.SetComputeUnitPrice(200_000_000), SystemProgram.Transfer(Wallet, Stranger, 1)), "may leave");

    [Fact]
    public void Examine_NewAccountWithMuchRent_Refused() =>
        Refused(Examine(new TransactionInstruction(WellKnownAddresses.SystemProgram, [AccountMeta.Writable(Wallet, true), AccountMeta.Writable(Key(8), false)], [0, 0, 0, 0, .. U64(60_000_000), .. U64(0), .. Key(9).KeyBytes])), "may leave");

    [Fact]
    public void Examine_NewAccountForAnUnknownProgram_Refused() => Refused(Examine(SystemProgram.CreateAccount(Wallet, Key(8), 1_000_000, 82, Key(9))), Key(9).Key);

    [Fact]
    public void Examine_NewAccountFromASeed_RentCounts()
    {
        byte[] seeded = [.. Wallet.KeyBytes, .. U64(4), (byte)'s', (byte)'e', (byte)'e', (byte)'d', .. U64(60_000_000), .. U64(165), .. Key(9).KeyBytes];

        Refused(Examine(SystemCall(3, seeded, Wallet, Key(8))), "may leave");
    }

    [Fact]
    public void Examine_NewAccountFromASeedOfAbsurdLength_Refused() => Refused(Examine(SystemCall(3, [.. Wallet.KeyBytes, .. U64(ulong.MaxValue), 1, 2], Wallet, Key(8))), "cannot be read");

    [Fact]
    public void Examine_TransferOutOfADerivedAccount_Refused() => Refused(Examine(SystemCall(11, [.. U64(1), 0, 0], Key(8), Wallet, Stranger)), "derived");

    [Theory]
    [InlineData(1u)] // Assign
    [InlineData(8u)] // Allocate
    public void Examine_WalletHandedToAProgram_Refused(uint tag) => Refused(Examine(SystemCall(tag, Key(9).KeyBytes, Wallet)), "handed to a program");

    [Theory]
    [InlineData(4u)]
    [InlineData(5u)]
    [InlineData(6u)]
    [InlineData(7u)]
    [InlineData(12u)]
    public void Examine_Nonce_Refused(uint tag) => Refused(Examine(SystemCall(tag, U64(1), Key(8), Stranger, Key(9), Key(10), Wallet)), "for ever");

    [Theory]
    [InlineData(9u)]
    [InlineData(10u)]
    [InlineData(13u)]
    [InlineData(uint.MaxValue)]
    public void Examine_OtherSystemInstruction_Refused(uint tag) => Refused(Examine(SystemCall(tag, new byte[60], Key(8), Wallet)), "cannot be read");

    [Fact]
    public void Examine_SystemInstructionCutShort_Refused()
    {
        Refused(Examine(new TransactionInstruction(WellKnownAddresses.SystemProgram, [AccountMeta.Writable(Wallet, true)], [2, 0])), "cannot be read");
        Refused(Examine(SystemCall(2, [1, 2, 3], Wallet, Stranger)), "cannot be read");
    }

    // ---- NOS

    [Fact]
    public void Examine_TransferOfNos_Refused()
    {
        Refused(Examine(TokenProgram.Transfer(Nos, StrangersToken, 1, Wallet)), Nos.Key);
        Refused(Examine(TokenProgram.TransferChecked(Nos, StrangersToken, 1, 6, Wallet, Addresses.NosMint)), Nos.Key);
        Refused(Examine(TokenProgram.Transfer(SecondNos, StrangersToken, 1, Wallet)), SecondNos.Key);
        // An account that nobody has told of: what the wallet signs is enough.
        Refused(Examine(TokenProgram.Transfer(Key(59), StrangersToken, 1, Wallet)), Key(59).Key);
    }

    [Fact]
    public void Examine_TransferOfNosByADelegate_Refused() => Refused(Examine(TokenCall(3, 1, Nos, StrangersToken, Key(11))), Nos.Key);

    [Fact]
    public void Examine_TransferOfNosHiddenBehindAnotherToken_Refused() =>
        Refused(Examine([.. Minting, TokenProgram.Transfer(KeyToken, Key(61), 1, Wallet), TokenProgram.Transfer(Nos, StrangersToken, 1, Wallet)]), "instruction 8");

    [Theory]
    [InlineData(4)] // approve
    [InlineData(13)] // approve checked
    [InlineData(6)] // set authority
    [InlineData(8)] // burn
    [InlineData(15)] // burn checked
    [InlineData(9)] // close account
    [InlineData(10)] // freeze
    public void Examine_NosAccountHandedOver_Refused(byte tag)
    {
        Refused(Examine(TokenCall(tag, 1, Nos, Stranger, Wallet, Wallet)), Nos.Key);
        Refused(Examine(TokenCall(tag, 1, SecondNos, Stranger, Wallet, Wallet)), SecondNos.Key);
    }

    [Fact]
    public void Examine_WrappedSolTransferred_Refused() => Refused(Examine(TokenCall(3, 1, AssociatedTokenAccount.Derive(Wallet, ReviewedWallet.WrappedSol), StrangersToken, Key(11))), "of which nothing may leave");

    [Fact]
    public void Examine_NosReceived_MayBeSigned()
    {
        Assert.Empty(Examine(TokenCall(3, 5, StrangersToken, Nos, Stranger)).Objections);
        Assert.Empty(Examine(TokenCall(12, 5, StrangersToken, Addresses.NosMint, Nos, Stranger)).Objections);
        Assert.Empty(Examine(TokenCall(7, 5, Addresses.NosMint, Nos, Stranger)).Objections);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(13)]
    public void Examine_OtherTokenHandedOver_Refused(byte tag) => Refused(Examine(TokenCall(tag, 1, KeyToken, Stranger, Wallet, Wallet)), KeyToken.Key);

    // ---- other tokens: by mint and amount

    public static TheoryData<TransactionInstruction> GivingBack =>
    [
        TokenCall(3, 1, KeyToken, Key(61), Wallet),
        TokenCall(12, 1, KeyToken, OldKeyMint, Key(61), Wallet),
        TokenCall(8, 1, KeyToken, OldKeyMint, Wallet),
        TokenCall(15, 1, KeyToken, OldKeyMint, Wallet),
        TokenCall(9, null, KeyToken, Wallet, Wallet),
    ];

    [Theory]
    [MemberData(nameof(GivingBack))]
    public void Examine_OldAccessKeyGivenBack_MayBeSigned(TransactionInstruction instruction) => Assert.Empty(Examine(instruction).Objections);

    [Theory]
    [MemberData(nameof(GivingBack))]
    public void Examine_TheSameOfAnotherToken_Refused(TransactionInstruction instruction)
    {
        TransactionInstruction ofAnother = instruction with { Keys = [AccountMeta.Writable(NftToken, isSigner: false), .. instruction.Keys.Skip(1)] };

        Refused(Examine(ofAnother), NftToken.Key);
    }

    [Fact]
    public void Examine_MoreOfTheAccessKeyThanAllowed_Refused() => Refused(Examine(TokenCall(3, 2, KeyToken, Key(61), Wallet)), KeyToken.Key);

    [Fact]
    public void Examine_RentOfTheAccessKeyToAStranger_Refused() => Refused(Examine(TokenCall(9, null, KeyToken, Stranger, Wallet)), "rent");

    [Fact]
    public void Examine_TokensThatSomebodyLentToTheWallet_Refused() => Refused(Examine(TokenCall(3, 1, StrangersToken, Key(61), Wallet)), StrangersToken.Key);

    [Fact]
    public void Examine_OwnMintUsed_Refused() => Refused(Examine(TokenCall(7, 1, OwnMint, StrangersToken, Wallet)), OwnMint.Key);

    [Theory]
    [InlineData(0)] // to mint
    [InlineData(1)] // to freeze
    public void Examine_NewMintHandedToItsIssuer_MayBeSigned(byte authority)
    {
        Assert.Empty(Examine([.. Minting, SetAuthority(Mint, authority)]).Objections);
        Refused(Examine(SetAuthority(OwnMint, authority)), OwnMint.Key);
    }

    [Theory]
    [InlineData(2)] // the owner
    [InlineData(3)] // who may close it
    public void Examine_AuthorityOverATokenAccount_Refused(byte authority) => Refused(Examine(SetAuthority(Key(62), authority)), Key(62).Key);

    [Theory]
    [InlineData(44)] // delegate
    [InlineData(46)] // lock
    [InlineData(49)] // transfer
    [InlineData(20)] // approve use
    [InlineData(23)] // approve collection authority
    [InlineData(50)] // update
    public void Examine_MetadataInstructionThatMovesOrLends_Refused(byte tag) =>
        Refused(Examine(new TransactionInstruction(WellKnownAddresses.TokenMetadataProgram, [AccountMeta.Writable(Wallet, true)], [tag])), $"instruction {tag}");

    [Fact]
    public void Examine_MetadataProgramBurnsAnotherToken_Refused() =>
        Refused(Examine(new TransactionInstruction(WellKnownAddresses.TokenMetadataProgram, [AccountMeta.Writable(NftToken, false), AccountMeta.Writable(Wallet, true)], [29])), NftToken.Key);

    [Theory]
    [InlineData(2)] // a multisig
    [InlineData(19)]
    [InlineData(23)]
    [InlineData(255)]
    public void Examine_OtherTokenInstruction_Refused(byte tag) => Refused(Examine(TokenCall(tag, 1, Key(8), Wallet)), "cannot be read");

    [Fact]
    public void Examine_TokenInstructionWithoutData_Refused() => Refused(Examine(new TransactionInstruction(WellKnownAddresses.TokenProgram, [], [])), "cannot be read");

    [Fact]
    public void Examine_MetadataProgramWithTheNosAccount_Refused() =>
        Refused(Examine(new TransactionInstruction(WellKnownAddresses.TokenMetadataProgram, [AccountMeta.Writable(Nos, false), AccountMeta.Writable(Wallet, true)], [49])), Nos.Key);

    [Fact]
    public void Examine_MetadataProgramReadingTheNosAccount_MayBeSigned() =>
        Assert.Empty(Examine(new TransactionInstruction(WellKnownAddresses.TokenMetadataProgram, [AccountMeta.ReadOnly(Nos, false), AccountMeta.Writable(Wallet, true)], [33])).Objections);

    [Fact]
    public void Examine_NosAccountMade_MayBeSigned() => Assert.Empty(Examine(AssociatedTokenAccountProgram.CreateIdempotent(Wallet, Wallet, Addresses.NosMint)).Objections);

    [Fact]
    public void Examine_NestedAccountRecovered_Refused() =>
        Refused(Examine(new TransactionInstruction(WellKnownAddresses.AssociatedTokenProgram, [.. Enumerable.Range(20, 6).Select(i => AccountMeta.Writable(Key((byte)i), false)), AccountMeta.Writable(Wallet, true)], [2])), "does not sign");

    // ---- Nosana's programs

    [Fact]
    public void Examine_QueueingAndLeaving_MayBeSigned()
    {
        var jobs = new JobsInstructions(Addresses);

        Assert.Empty(Examine(jobs.Stop(SomeMarket, Wallet)).Objections);
        Assert.Contains("stop", Examine(jobs.Stop(SomeMarket, Wallet)).Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Examine_ListingAJobAtTheHostsCost_Refused() =>
        Refused(Examine(new JobsInstructions(Addresses).Extend(Key(61), SomeMarket, Wallet, Wallet, 10_000)), "'extend'");

    [Fact]
    public void Examine_StakeTouched_Refused()
    {
        var staking = new StakingInstructions(Addresses);

        Refused(Examine(staking.Stake(Wallet, 1, 86_400 * 14)), "'stake'");
        Refused(Examine(staking.Unstake(Wallet)), "'unstake'");
        Refused(Examine(staking.Topup(Wallet, 1)), "'topup'");
    }

    [Fact]
    public void Examine_NosanasInstructionThatCannotBeRead_Refused() =>
        Refused(Examine(new TransactionInstruction(Addresses.Jobs, [AccountMeta.Writable(Wallet, true)], [1, 2, 3, 4, 5, 6, 7, 8])), "cannot be read");

    private static TransactionInstruction SetAuthority(PublicKey account, byte authority) => new(
        WellKnownAddresses.TokenProgram, [AccountMeta.Writable(account, isSigner: false), AccountMeta.ReadOnly(Wallet, isSigner: true)],
        [6, authority, 1, .. Stranger.KeyBytes]);

    private static void Refused(ReviewOutcome verdict, string because)
    {
        Assert.False(verdict.MaySign);
        Assert.Contains(verdict.Objections, objection => objection.Contains(because, StringComparison.Ordinal));
    }
}
