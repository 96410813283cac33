using System.Text;
using Nosana.LocalNet.Runtime;
using Nosana.LocalNet.Tests.Support;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using InstructionError = Nosana.LocalNet.Runtime.InstructionError;
using LocalSystemProgram = Nosana.LocalNet.BuiltIn.SystemProgram;
using TransactionError = Nosana.LocalNet.Runtime.TransactionError;

namespace Nosana.LocalNet.Tests.BuiltIn;

public sealed class SystemProgramTests
{
    private static readonly PublicKey Fresh = TestBank.Key(70);
    private static readonly PublicKey Owner = TestBank.Key(71);

    private readonly TestBank _bank = new();

    private TransactionResult Run(params IReadOnlyList<TransactionInstruction> instructions) => _bank.Bank.Execute(_bank.Payer, instructions);

    private static TransactionError Custom(uint code) => TransactionError.InstructionFailed(0, InstructionError.Custom(code));

    private static TransactionInstruction Call(byte[] data, params AccountMeta[] accounts) => new(WellKnownAddresses.SystemProgram, accounts, data);

    [Fact]
    public void CreateAccount_Fresh_HasOwnerSpaceAndLamports()
    {
        ulong rent = Rent.MinimumBalance(100);
        Assert.Null(Run(SystemProgram.CreateAccount(_bank.Payer, Fresh, rent, 100, Owner)).Error);
        AccountState account = _bank.Bank.GetAccount(Fresh)!;
        Assert.Equal((rent, Owner, 100), (account.Lamports, account.Owner, account.Data.Length));
    }

    [Fact]
    public void CreateAccount_InUse_IsCustom0()
    {
        _bank.Bank.SetAccount(Fresh, new AccountState(1_000_000, default, default));
        TransactionResult result = Run(SystemProgram.CreateAccount(_bank.Payer, Fresh, 1, 0, Owner));
        Assert.Equal(Custom(0), result.Error);
        Assert.Contains(result.Logs, line => line.Contains("already in use", StringComparison.Ordinal));
    }

    [Fact]
    public void CreateAccount_PayerShort_IsCustom1() =>
        Assert.Equal(Custom(1), Run(SystemProgram.CreateAccount(_bank.Payer, Fresh, TestBank.Funds, 0, Owner)).Error);

    [Fact]
    public void CreateAccount_TooLarge_IsCustom3() =>
        Assert.Equal(Custom(3), Run(SystemProgram.CreateAccount(_bank.Payer, Fresh, 1, AccountView.MaxDataLength + 1, Owner)).Error);

    [Fact]
    public void CreateAccount_BelowRent_FailsForRent() =>
        Assert.Equal(TransactionError.InsufficientFundsForRent(1), Run(SystemProgram.CreateAccount(_bank.Payer, Fresh, 1, 100, Owner)).Error);

    [Fact]
    public void CreateAccountWithSeed_DerivedAddress_IsCreated()
    {
        PublicKey derived = LocalSystemProgram.DeriveWithSeed(_bank.Payer, "a seed", Owner);
        Assert.Null(Run(WithSeed(derived, "a seed")).Error);
        Assert.Equal(Owner, _bank.Bank.GetAccount(derived)!.Owner);
    }

    [Fact]
    public void CreateAccountWithSeed_AnotherAddress_IsCustom5() => Assert.Equal(Custom(5), Run(WithSeed(Fresh, "a seed")).Error);

    private TransactionInstruction WithSeed(PublicKey to, string seed)
    {
        byte[] text = Encoding.UTF8.GetBytes(seed);
        byte[] data =
        [
            3, 0, 0, 0, .. _bank.Payer.KeyBytes, .. BitConverter.GetBytes((ulong)text.Length), .. text,
            .. BitConverter.GetBytes(Rent.MinimumBalance(8)), .. BitConverter.GetBytes(8UL), .. Owner.KeyBytes,
        ];
        return Call(data, AccountMeta.Writable(_bank.Payer, true), AccountMeta.Writable(to, false));
    }

    [Fact]
    public void Transfer_FromAnAccountWithData_IsAnInvalidArgument()
    {
        _bank.Bank.SetAccount(Fresh, new AccountState(Rent.MinimumBalance(4), default, new byte[4]));
        Assert.Equal(TransactionError.InstructionFailed(0, InstructionError.InvalidArgument), Run(SystemProgram.Transfer(Fresh, _bank.Payer, 1)).Error);
    }

    [Fact]
    public void Transfer_Unsigned_MissesTheSignature()
    {
        _bank.Bank.SetAccount(Fresh, new AccountState(1_000_000_000, default, default));
        TransactionInstruction transfer = Call([2, 0, 0, 0, .. BitConverter.GetBytes(1UL)], AccountMeta.Writable(Fresh, false), AccountMeta.Writable(_bank.Payer, true));
        Assert.Equal(TransactionError.InstructionFailed(0, InstructionError.MissingRequiredSignature), Run(transfer).Error);
    }

    [Fact]
    public void Transfer_OfAnotherProgramsAccount_SpendsWhatIsNotItsOwn()
    {
        _bank.Bank.SetAccount(Fresh, new AccountState(1_000_000_000, Owner, default));
        Assert.Equal(TransactionError.InstructionFailed(0, InstructionError.ExternalAccountLamportSpend), Run(SystemProgram.Transfer(Fresh, _bank.Payer, 1)).Error);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 2, 0, 0 })]
    [InlineData(new byte[] { 200, 0, 0, 0 })]
    public void Execute_MalformedData_IsInvalid(byte[] data) =>
        Assert.Equal(TransactionError.InstructionFailed(0, InstructionError.InvalidInstructionData), Run(Call(data, AccountMeta.Writable(_bank.Payer, true))).Error);
}
