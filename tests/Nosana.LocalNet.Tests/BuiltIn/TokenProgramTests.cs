using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Runtime;
using Nosana.LocalNet.Tests.Support;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using InstructionError = Nosana.LocalNet.Runtime.InstructionError;
using SystemProgram = Nosana.Solana.Programs.SystemProgram;
using TokenProgram = Nosana.Solana.Programs.TokenProgram;
using TransactionError = Nosana.LocalNet.Runtime.TransactionError;

namespace Nosana.LocalNet.Tests.BuiltIn;

public sealed class TokenProgramTests
{
    private static readonly PublicKey Mint = TestBank.Key(20);
    private static readonly PublicKey OtherMint = TestBank.Key(21);
    private static readonly PublicKey Alice = TestBank.Key(30);
    private static readonly PublicKey Bob = TestBank.Key(31);
    private static readonly PublicKey Carol = TestBank.Key(32);
    private static readonly PublicKey AliceTokens = TestBank.Key(40);
    private static readonly PublicKey BobTokens = TestBank.Key(41);

    private readonly TestBank _bank = new();

    public TokenProgramTests()
    {
        Put(Mint, new TokenMintData { MintAuthority = Alice, FreezeAuthority = Carol, Decimals = 6, Supply = 1_000 }.ToBytes());
        Put(OtherMint, new TokenMintData { Decimals = 2 }.ToBytes());
        Put(AliceTokens, new TokenAccountData { Mint = Mint, Owner = Alice, Amount = 1_000 }.ToBytes());
        Put(BobTokens, new TokenAccountData { Mint = Mint, Owner = Bob }.ToBytes());
    }

    private void Put(PublicKey key, byte[] data) => _bank.Bank.SetAccount(key, new AccountState(Rent.MinimumBalance(data.Length), WellKnownAddresses.TokenProgram, data));

    private TransactionError? Run(params IReadOnlyList<TransactionInstruction> instructions) => _bank.Bank.Execute(_bank.Payer, instructions).Error;

    private TokenAccountData Tokens(PublicKey key) => TokenAccountData.Read(_bank.Bank.GetAccount(key)!.Data.Span);

    private static TransactionInstruction Call(byte[] data, params AccountMeta[] accounts) => new(WellKnownAddresses.TokenProgram, accounts, data);

    private static AccountMeta W(PublicKey key) => AccountMeta.Writable(key, false);

    private static AccountMeta S(PublicKey key) => AccountMeta.ReadOnly(key, true);

    private static AccountMeta R(PublicKey key) => AccountMeta.ReadOnly(key, false);

    private static byte[] Amount(byte tag, ulong amount) => [tag, .. BitConverter.GetBytes(amount)];

    private static TransactionError Custom(uint code) => TransactionError.InstructionFailed(0, InstructionError.Custom(code));

    private static TransactionError Named(InstructionError error) => TransactionError.InstructionFailed(0, error);

    [Fact]
    public void Transfer_Enough_MovesTokens()
    {
        Assert.Null(Run(TokenProgram.Transfer(AliceTokens, BobTokens, 300, Alice)));
        Assert.Equal(700UL, Tokens(AliceTokens).Amount);
        Assert.Equal(300UL, Tokens(BobTokens).Amount);
    }

    [Fact]
    public void Transfer_TooMuch_IsCustom1() => Assert.Equal(Custom(1), Run(TokenProgram.Transfer(AliceTokens, BobTokens, 1_001, Alice)));

    [Fact]
    public void Transfer_OfAnotherMint_IsCustom3()
    {
        Put(BobTokens, new TokenAccountData { Mint = OtherMint, Owner = Bob }.ToBytes());
        Assert.Equal(Custom(3), Run(TokenProgram.Transfer(AliceTokens, BobTokens, 1, Alice)));
    }

    [Fact]
    public void Transfer_ByAnother_IsCustom4() => Assert.Equal(Custom(4), Run(TokenProgram.Transfer(AliceTokens, BobTokens, 1, Bob)));

    [Fact]
    public void Transfer_Unsigned_MissesTheSignature() =>
        Assert.Equal(Named(InstructionError.MissingRequiredSignature), Run(Call(Amount(3, 1), W(AliceTokens), W(BobTokens), R(Alice))));

    [Fact]
    public void Transfer_ToItself_ChangesNothing()
    {
        Assert.Null(Run(TokenProgram.Transfer(AliceTokens, AliceTokens, 1_000, Alice)));
        Assert.Equal(1_000UL, Tokens(AliceTokens).Amount);
    }

    [Fact]
    public void Transfer_ToAnUninitializedAccount_Fails()
    {
        Put(BobTokens, new byte[TokenLayout.AccountLength]);
        Assert.Equal(Named(InstructionError.UninitializedAccount), Run(TokenProgram.Transfer(AliceTokens, BobTokens, 1, Alice)));
    }

    [Fact]
    public void TransferChecked_WrongDecimals_IsCustom18() =>
        Assert.Equal(Custom(18), Run(TokenProgram.TransferChecked(AliceTokens, BobTokens, 1, 5, Alice, Mint)));

    [Fact]
    public void Approve_Delegate_SpendsUpToTheApproval()
    {
        Assert.Null(Run(Call(Amount(4, 500), W(AliceTokens), R(Carol), S(Alice))));
        Assert.Null(Run(TokenProgram.Transfer(AliceTokens, BobTokens, 400, Carol)));
        Assert.Equal(Custom(1), Run(TokenProgram.Transfer(AliceTokens, BobTokens, 101, Carol)));
        Assert.Null(Run(TokenProgram.Transfer(AliceTokens, BobTokens, 100, Carol)));
        Assert.Null(Tokens(AliceTokens).Delegate);
        Assert.Equal(Custom(4), Run(TokenProgram.Transfer(AliceTokens, BobTokens, 1, Carol)));
    }

    [Fact]
    public void MintTo_ByItsAuthority_RaisesTheSupply()
    {
        Assert.Null(Run(TokenProgram.MintTo(Mint, BobTokens, 50, Alice)));
        Assert.Equal(50UL, Tokens(BobTokens).Amount);
        Assert.Equal(1_050UL, TokenMintData.Read(_bank.Bank.GetAccount(Mint)!.Data.Span).Supply);
    }

    [Fact]
    public void MintTo_AfterTheAuthorityWasGivenUp_IsCustom5()
    {
        Assert.Null(Run(Call([6, 0, 0], W(Mint), S(Alice))));
        Assert.Equal(Custom(5), Run(TokenProgram.MintTo(Mint, BobTokens, 50, Alice)));
    }

    [Fact]
    public void MintTo_PastTheLargestNumber_IsCustom14() => Assert.Equal(Custom(14), Run(TokenProgram.MintTo(Mint, AliceTokens, ulong.MaxValue, Alice)));

    [Fact]
    public void Burn_ByOwner_LowersTheSupply()
    {
        Assert.Null(Run(Call(Amount(8, 400), W(AliceTokens), W(Mint), S(Alice))));
        Assert.Equal(600UL, TokenMintData.Read(_bank.Bank.GetAccount(Mint)!.Data.Span).Supply);
        Assert.Equal(600UL, Tokens(AliceTokens).Amount);
    }

    [Fact]
    public void CloseAccount_WithTokens_IsCustom11() => Assert.Equal(Custom(11), Run(TokenProgram.CloseAccount(AliceTokens, Alice, Alice)));

    [Fact]
    public void CloseAccount_Empty_ReturnsItsLamports()
    {
        Assert.Null(Run(TokenProgram.CloseAccount(BobTokens, Bob, Bob)));
        Assert.Null(_bank.Bank.GetAccount(BobTokens));
        Assert.Equal(Rent.MinimumBalance(TokenLayout.AccountLength), _bank.Lamports(Bob));
    }

    [Fact]
    public void FreezeAccount_Frozen_MovesNothingUntilThawed()
    {
        Assert.Null(Run(Call([10], W(AliceTokens), R(Mint), S(Carol))));
        Assert.Equal(Custom(17), Run(TokenProgram.Transfer(AliceTokens, BobTokens, 1, Alice)));
        Assert.Equal(Custom(13), Run(Call([10], W(AliceTokens), R(Mint), S(Carol))));
        Assert.Null(Run(Call([11], W(AliceTokens), R(Mint), S(Carol))));
        Assert.Null(Run(TokenProgram.Transfer(AliceTokens, BobTokens, 1, Alice)));
    }

    [Fact]
    public void SetAuthority_NewOwner_MaySpend()
    {
        Assert.Null(Run(Call([6, 2, 1, .. Carol.KeyBytes], W(AliceTokens), S(Alice))));
        Assert.Equal(Custom(4), Run(TokenProgram.Transfer(AliceTokens, BobTokens, 1, Alice)));
        Assert.Null(Run(TokenProgram.Transfer(AliceTokens, BobTokens, 1, Carol)));
    }

    [Fact]
    public void InitializeAccount_Twice_IsCustom6() => Assert.Equal(Custom(6), Run(TokenProgram.InitializeAccount3(AliceTokens, Mint, Bob)));

    [Fact]
    public void InitializeAccount_OfNoMint_IsCustom2()
    {
        Put(BobTokens, new byte[TokenLayout.AccountLength]);
        Assert.Equal(Custom(2), Run(TokenProgram.InitializeAccount3(BobTokens, AliceTokens, Bob)));
    }

    [Fact]
    public void Multisig_TwoOfThree_Spends()
    {
        PublicKey multisig = TestBank.Key(45);
        Put(multisig, new byte[TokenLayout.MultisigLength]);
        Assert.Null(Run(Call([19, 2], W(multisig), R(Alice), R(Bob), R(Carol))));
        Put(AliceTokens, new TokenAccountData { Mint = Mint, Owner = multisig, Amount = 10 }.ToBytes());

        Assert.Equal(Named(InstructionError.MissingRequiredSignature), Run(Call(Amount(3, 1), W(AliceTokens), W(BobTokens), R(multisig), S(Alice))));
        Assert.Equal(Named(InstructionError.MissingRequiredSignature), Run(Call(Amount(3, 1), W(AliceTokens), W(BobTokens), R(multisig), S(Alice), S(Alice))));
        Assert.Null(Run(Call(Amount(3, 1), W(AliceTokens), W(BobTokens), R(multisig), S(Alice), S(Carol))));
    }

    [Fact]
    public void WrappedSol_TransferredAndSynced_FollowsItsLamports()
    {
        ulong reserve = Rent.MinimumBalance(TokenLayout.AccountLength);
        Put(TokenInitialize.NativeMint, new TokenMintData { Decimals = 9 }.ToBytes());
        byte[] wrapped = new TokenAccountData { Mint = TokenInitialize.NativeMint, Owner = Alice, Amount = 500, NativeReserve = reserve }.ToBytes();
        _bank.Bank.SetAccount(AliceTokens, new AccountState(reserve + 500, WellKnownAddresses.TokenProgram, wrapped));
        byte[] empty = new TokenAccountData { Mint = TokenInitialize.NativeMint, Owner = Bob, NativeReserve = reserve }.ToBytes();
        Put(BobTokens, empty);

        Assert.Null(Run(TokenProgram.Transfer(AliceTokens, BobTokens, 200, Alice)));
        Assert.Equal(reserve + 200, _bank.Lamports(BobTokens));
        Assert.Null(Run(SystemProgram.Transfer(_bank.Payer, BobTokens, 50), Call([17], W(BobTokens))));
        Assert.Equal(250UL, Tokens(BobTokens).Amount);
    }

    [Fact]
    public void SyncNative_OfAnotherMint_IsCustom19() => Assert.Equal(Custom(19), Run(Call([17], W(BobTokens))));

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 3, 1 })]
    [InlineData(new byte[] { 99 })]
    public void Execute_MalformedData_IsCustom12(byte[] data) => Assert.Equal(Custom(12), Run(Call(data, W(AliceTokens), W(BobTokens), S(Alice))));

    [Fact]
    public void CreateAssociated_New_IsOwnedByTheWallet()
    {
        Assert.Null(Run(AssociatedTokenAccountProgram.CreateAssociatedTokenAccount(_bank.Payer, Carol, Mint)));
        TokenAccountData created = Tokens(AssociatedTokenProgram.Derive(Carol, Mint).Address);
        Assert.Equal((Mint, Carol, 0UL), (created.Mint, created.Owner, created.Amount));
    }

    [Fact]
    public void CreateAssociated_Existing_FailsUnlessIdempotent()
    {
        TransactionInstruction create = AssociatedTokenAccountProgram.CreateAssociatedTokenAccount(_bank.Payer, Carol, Mint);
        Assert.Null(Run(create));
        Assert.Equal(Named(InstructionError.IllegalOwner), Run(create));
        Assert.Null(Run(AssociatedTokenAccountProgram.CreateIdempotent(_bank.Payer, Carol, Mint)));
    }

    [Fact]
    public void CreateAssociated_AddressHoldsLamports_IsToppedUp()
    {
        PublicKey address = AssociatedTokenProgram.Derive(Carol, Mint).Address;
        _bank.Bank.SetAccount(address, new AccountState(1_000_000, default, default));
        Assert.Null(Run(AssociatedTokenAccountProgram.CreateIdempotent(_bank.Payer, Carol, Mint)));
        Assert.Equal(Rent.MinimumBalance(TokenLayout.AccountLength), _bank.Lamports(address));
    }
}
