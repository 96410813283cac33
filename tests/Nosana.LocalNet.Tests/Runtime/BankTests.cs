using Nosana.LocalNet.Runtime;
using Nosana.LocalNet.Tests.Support;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using InstructionError = Nosana.LocalNet.Runtime.InstructionError;
using TransactionError = Nosana.LocalNet.Runtime.TransactionError;

namespace Nosana.LocalNet.Tests.Runtime;

public sealed class BankTests
{
    private static readonly PublicKey Data = TestBank.Key(50);
    private static readonly PublicKey Other = TestBank.Key(51);

    private static (TestBank Bank, TransactionResult Result) Run(Action<InstructionContext> script, bool writable = true, bool owned = true, int length = 10)
    {
        var program = new ScriptedProgram(script);
        var bank = new TestBank(program);
        bank.Bank.SetAccount(Data, new AccountState(Rent.MinimumBalance(length), owned ? program.Id : Other, new byte[length]));
        var call = new TransactionInstruction(program.Id, [new AccountMeta(Data, false, writable), new AccountMeta(bank.Payer, true, true)], []);
        return (bank, bank.Bank.Execute(bank.Payer, call));
    }

    private static void AssertFailed(TransactionResult result, InstructionError error) => Assert.Equal(TransactionError.InstructionFailed(0, error), result.Error);

    [Fact]
    public void Execute_ProgramFails_RollsBackAllButTheFee()
    {
        (TestBank bank, TransactionResult result) = Run(context =>
        {
            context.Account(0).MutableData()[0] = 9;
            throw new InstructionFailure(6_001u);
        });

        AssertFailed(result, InstructionError.Custom(6_001));
        Assert.True(result.Landed);
        Assert.Equal(0, bank.Bank.GetAccount(Data)!.Data.Span[0]);
        Assert.Equal(TestBank.Funds - 5_000, bank.Lamports(bank.Payer));
        Assert.Contains($"Program {new ScriptedProgram(_ => { }).Id} failed: custom program error: 0x1771", result.Logs);
    }

    [Fact]
    public void Execute_OwnerWrites_ChangesData()
    {
        (TestBank bank, TransactionResult result) = Run(context => context.Account(0).MutableData()[3] = 7);

        Assert.Null(result.Error);
        Assert.Equal(7, bank.Bank.GetAccount(Data)!.Data.Span[3]);
    }

    [Fact]
    public void Execute_ReadOnlyAccountWritten_Fails()
    {
        (_, TransactionResult result) = Run(context => context.Account(0).MutableData()[0] = 1, writable: false);
        AssertFailed(result, InstructionError.ReadonlyDataModified);
    }

    [Fact]
    public void Execute_ForeignDataWritten_Fails()
    {
        (_, TransactionResult result) = Run(context => context.Account(0).MutableData()[0] = 1, owned: false);
        AssertFailed(result, InstructionError.ExternalAccountDataModified);
    }

    [Fact]
    public void Execute_ForeignLamportsTaken_Fails()
    {
        (_, TransactionResult result) = Run(context => context.Account(1).Lamports--);
        AssertFailed(result, InstructionError.ExternalAccountLamportSpend);
    }

    [Fact]
    public void Execute_LamportsFromNowhere_Fails()
    {
        (_, TransactionResult result) = Run(context => context.Account(1).Lamports++);
        AssertFailed(result, InstructionError.UnbalancedInstruction);
    }

    [Fact]
    public void Execute_AccountLeftBelowRent_FailsWithItsIndex()
    {
        (TestBank bank, TransactionResult result) = Run(context =>
        {
            context.Account(0).Lamports--;
            context.Account(1).Lamports++;
        });

        Assert.Equal(TransactionError.InsufficientFundsForRent(1), result.Error);
        Assert.Equal(Rent.MinimumBalance(10), bank.Lamports(Data));
    }

    [Fact]
    public void Execute_AccountClosed_IsGone()
    {
        (TestBank bank, TransactionResult result) = Run(context => context.Account(0).Close(context.Account(1)));

        Assert.Null(result.Error);
        Assert.Null(bank.Bank.GetAccount(Data));
        Assert.Equal(TestBank.Funds - 5_000 + Rent.MinimumBalance(10), bank.Lamports(bank.Payer));
    }

    [Fact]
    public void Execute_DataGivenAwayUncleared_Fails()
    {
        (_, TransactionResult result) = Run(context =>
        {
            context.Account(0).MutableData()[0] = 1;
            context.Account(0).Assign(Other);
        });
        AssertFailed(result, InstructionError.ModifiedProgramId);
    }

    [Fact]
    public void Execute_GrowthBeyondTheLimit_Fails()
    {
        (_, TransactionResult result) = Run(context => context.Account(0).Resize(10 + AccountView.MaxDataIncrease + 1));
        AssertFailed(result, InstructionError.InvalidRealloc);
    }

    [Fact]
    public void Execute_ArithmeticOverflow_IsAPanic()
    {
        (_, TransactionResult result) = Run(context => _ = checked(context.Account(0).Lamports - ulong.MaxValue));
        AssertFailed(result, InstructionError.ProgramFailedToComplete);
    }

    [Fact]
    public void Execute_SameAccountTwice_SharesItsState()
    {
        var program = new ScriptedProgram(context =>
        {
            context.Account(0).MutableData()[0] = 5;
            Assert.Equal(5, context.Account(1).Data[0]);
        });
        var bank = new TestBank(program);
        bank.Bank.SetAccount(Data, new AccountState(Rent.MinimumBalance(1), program.Id, new byte[1]));

        TransactionResult result = bank.Bank.Execute(bank.Payer, new TransactionInstruction(program.Id, [new AccountMeta(Data, false, true), new AccountMeta(Data, false, true)], []));

        Assert.Null(result.Error);
    }

    [Fact]
    public void Execute_UnknownProgram_PaysTheFeeAndFails()
    {
        var bank = new TestBank();
        TransactionResult result = bank.Bank.Execute(bank.Payer, new TransactionInstruction(Other, [], []));

        Assert.Equal(TransactionError.ProgramAccountNotFound, result.Error);
        Assert.Equal(TestBank.Funds - 5_000, bank.Lamports(bank.Payer));
    }

    [Fact]
    public void Execute_ComputePrice_RaisesTheFee()
    {
        var bank = new TestBank();
        TransactionResult result = bank.Bank.Execute(bank.Payer,
            ComputeBudgetProgram.SetComputeUnitLimit(10_000), ComputeBudgetProgram.SetComputeUnitPrice(150), SystemProgram.Transfer(bank.Payer, Other, 10_000_000));

        Assert.Null(result.Error);
        Assert.Equal(5_000UL + 2, result.Fee); // 10,000 units at 150 micro-lamports are 1.5 lamports, rounded up
        Assert.Equal(TestBank.Funds - 10_000_000 - 5_002, bank.Lamports(bank.Payer));
    }

    [Fact]
    public void Execute_LimitTooLow_ExceedsTheBudget()
    {
        var bank = new TestBank();
        TransactionResult result = bank.Bank.Execute(bank.Payer, ComputeBudgetProgram.SetComputeUnitLimit(200), SystemProgram.Transfer(bank.Payer, Other, 10_000_000));
        Assert.Equal(TransactionError.InstructionFailed(1, InstructionError.ComputationalBudgetExceeded), result.Error);
    }

    [Fact]
    public void Execute_PayerWithoutFunds_IsRefusedWithoutATrace()
    {
        var bank = new TestBank();
        TransactionResult result = bank.Bank.Execute(Other, SystemProgram.Transfer(Other, Data, 1));

        Assert.Equal(TransactionError.AccountNotFound, result.Error);
        Assert.False(result.Landed);
    }

    [Fact]
    public void Clock_Advanced_CountsSlotsOf400Milliseconds()
    {
        var bank = new TestBank();
        ClockSnapshot before = bank.Bank.Clock;

        bank.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(before.Slot + 25, bank.Bank.Clock.Slot);
        Assert.Equal(before.UnixTimestamp + 10, bank.Bank.Clock.UnixTimestamp);
    }

    [Fact]
    public void IsBlockhashValid_Past150Slots_IsFalse()
    {
        var bank = new TestBank();
        PublicKey hash = bank.Bank.LatestBlockhash().Hash;

        bank.Time.Advance(TimeSpan.FromMilliseconds(400 * 150));
        Assert.True(bank.Bank.IsBlockhashValid(hash));

        bank.Time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.False(bank.Bank.IsBlockhashValid(hash));
    }
}
