using Nosana.LocalNet.Runtime;
using Nosana.LocalNet.Tests.Support;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using InstructionError = Nosana.LocalNet.Runtime.InstructionError;
using TransactionError = Nosana.LocalNet.Runtime.TransactionError;

namespace Nosana.LocalNet.Tests.Runtime;

/// <summary>Calls between programs.</summary>
public sealed class InvocationTests
{
    private static readonly byte[] Seed = "vault"u8.ToArray();

    private static TransactionResult Run(TestBank bank, ScriptedProgram program, params AccountMeta[] accounts) =>
        bank.Bank.Execute(bank.Payer, new TransactionInstruction(program.Id, [.. accounts, AccountMeta.ReadOnly(WellKnownAddresses.SystemProgram, false)], []));

    private static (PublicKey Address, byte Bump) Vault(PublicKey program)
    {
        Assert.True(PublicKey.TryFindProgramAddress([Seed], program, out PublicKey address, out byte bump));
        return (address, bump);
    }

    [Fact]
    public void Invoke_DerivedAddressSigns_MovesItsLamports()
    {
        PublicKey to = TestBank.Key(60);
        var program = new ScriptedProgram(context =>
        {
            (PublicKey vault, byte bump) = Vault(context.ProgramId);
            context.Invoke(SystemProgram.Transfer(vault, to, 5_000_000), [Seed, [bump]]);
        });
        var bank = new TestBank(program);
        (PublicKey address, _) = Vault(program.Id);
        bank.Bank.SetAccount(address, new AccountState(10_000_000, default, default));

        TransactionResult result = Run(bank, program, AccountMeta.Writable(address, false), AccountMeta.Writable(to, false));

        Assert.Null(result.Error);
        Assert.Equal(5_000_000UL, bank.Lamports(to));
        InnerCall inner = Assert.Single(result.InnerCalls);
        Assert.Equal(2, inner.StackHeight);
        Assert.Contains($"Program {WellKnownAddresses.SystemProgram} invoke [2]", result.Logs);
    }

    [Fact]
    public void Invoke_WithoutSeeds_EscalatesASigner()
    {
        PublicKey to = TestBank.Key(60);
        var program = new ScriptedProgram(context => context.Invoke(SystemProgram.Transfer(Vault(context.ProgramId).Address, to, 1)));
        var bank = new TestBank(program);
        (PublicKey address, _) = Vault(program.Id);
        bank.Bank.SetAccount(address, new AccountState(10_000_000, default, default));

        TransactionResult result = Run(bank, program, AccountMeta.Writable(address, false), AccountMeta.Writable(to, false));

        Assert.Equal(TransactionError.InstructionFailed(0, InstructionError.PrivilegeEscalation), result.Error);
        Assert.Contains($"{address}'s signer privilege escalated", result.Logs);
    }

    [Fact]
    public void Invoke_ReadOnlyPassedAsWritable_EscalatesAWritable()
    {
        PublicKey to = TestBank.Key(60);
        ScriptedProgram program = new(context => context.Invoke(SystemProgram.Transfer(context.Account(0).Key, to, 1)));
        var bank = new TestBank(program);

        TransactionResult result = Run(bank, program, AccountMeta.Writable(bank.Payer, true), AccountMeta.ReadOnly(to, false));

        Assert.Equal(TransactionError.InstructionFailed(0, InstructionError.PrivilegeEscalation), result.Error);
        Assert.Contains($"{to}'s writable privilege escalated", result.Logs);
    }

    [Fact]
    public void Invoke_AccountNotPassed_IsMissing()
    {
        ScriptedProgram program = new(context => context.Invoke(SystemProgram.Transfer(context.Account(0).Key, TestBank.Key(61), 1)));
        var bank = new TestBank(program);

        TransactionResult result = Run(bank, program, AccountMeta.Writable(bank.Payer, true));

        Assert.Equal(TransactionError.InstructionFailed(0, InstructionError.MissingAccount), result.Error);
    }

    [Fact]
    public void Invoke_CalleeFails_FailsTheTransaction()
    {
        PublicKey to = TestBank.Key(60);
        ScriptedProgram program = new(context => context.Invoke(SystemProgram.Transfer(context.Account(0).Key, to, ulong.MaxValue)));
        var bank = new TestBank(program);

        TransactionResult result = Run(bank, program, AccountMeta.Writable(bank.Payer, true), AccountMeta.Writable(to, false));

        Assert.Equal(TransactionError.InstructionFailed(0, InstructionError.Custom(1)), result.Error);
    }
}
