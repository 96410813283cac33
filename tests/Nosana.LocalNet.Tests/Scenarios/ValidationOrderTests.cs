using Nosana.LocalNet.Runtime;
using Nosana.Programs.Errors;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using static Nosana.LocalNet.Tests.Scenarios.JobsScenario;
using InstructionError = Nosana.LocalNet.Runtime.InstructionError;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>The order of events in a call: arguments, types, creation, duplicates, constraints, handler, write-back (specification, section 3.0).</summary>
public sealed class ValidationOrderTests
{
    private readonly JobsScenario _s = new(openMarket: true);

    private TestChain Chain => _s.Chain;

    [Fact]
    public void Call_UnknownDiscriminator_InstructionFallbackNotFound()
    {
        TransactionInstruction work = _s.WorkCall(_s.N1, Chain.NewKey());
        Chain.Fails(AnchorError.InstructionFallbackNotFound, null, _s.N1, work with { Data = [1, 2, 3, 4, 5, 6, 7, 8] });
        Chain.Fails(AnchorError.InstructionFallbackNotFound, null, _s.N1, work with { Data = work.Data[..7] });
    }

    [Fact]
    public void Call_ArgumentsCutShort_DoNotDeserializeAndTrailingBytesAreIgnored()
    {
        TransactionInstruction list = ListCall();
        Chain.Fails(AnchorError.InstructionDidNotDeserialize, null, _s.M, list with { Data = list.Data[..^1], Keys = [] });
        Chain.Send(_s.M, list with { Data = [.. list.Data, 1, 2, 3] });
        Assert.Single(_s.State.Queue);
    }

    [Fact]
    public void Call_MissingAccount_IsNamedAndExtraOnesAreIgnored()
    {
        TransactionInstruction work = _s.WorkCall(_s.N1, Chain.NewKey());
        Chain.Fails(AnchorError.AccountNotEnoughKeys, "system_program", _s.N1, work with { Keys = [.. work.Keys.Take(7)] });
        Chain.Send(_s.N1, work with { Keys = [.. work.Keys, AccountMeta.ReadOnly(_s.U2, isSigner: false)] });
    }

    [Fact]
    public void Types_OfDataAccounts_AreToldApart()
    {
        (PublicKey job, _) = _s.List();
        TransactionInstruction stop = Chain.Jobs.Stop(_s.Market, _s.N1);
        TransactionInstruction With(PublicKey market) => JobsDerivedScenarios.Change(stop, 0, meta => meta with { PublicKey = market });
        Chain.Fails(AnchorError.AccountNotInitialized, "market", _s.N1, With(Chain.NewKey()));
        Chain.Fails(AnchorError.AccountOwnedByWrongProgram, "market", _s.N1, With(_s.Vault));
        Chain.Fails(AnchorError.AccountOwnedByWrongProgram, "market", _s.N1, With(_s.U2));
        Chain.Fails(AnchorError.AccountDiscriminatorMismatch, "market", _s.N1, With(job));
        PublicKey broken = Chain.NewKey();
        Chain.Bank.SetAccount(broken, new AccountState(TestChain.Sol, Chain.Addresses.Jobs, new byte[7]));
        Chain.Fails(AnchorError.AccountDiscriminatorNotFound, "market", _s.N1, With(broken));
        Chain.Bank.SetAccount(broken, new AccountState(TestChain.Sol, Chain.Addresses.Jobs, _s.State.Encode().AsMemory(0, 100)));
        Chain.Fails(AnchorError.AccountDidNotDeserialize, "market", _s.N1, With(broken));
    }

    [Fact]
    public void Types_OfTokenAccounts_AreTheTokenProgramsErrors()
    {
        PublicKey account = Chain.NewKey();
        TransactionInstruction work = Chain.Jobs.Work(Chain.NewKey(), _s.Market, _s.N1, nft: account);
        Chain.Bank.SetAccount(account, new AccountState(TestChain.Sol, WellKnownAddresses.TokenProgram, new byte[164]));
        Chain.FailsWith(InstructionError.InvalidAccountData, _s.N1, work);
        Chain.Bank.SetAccount(account, new AccountState(TestChain.Sol, WellKnownAddresses.TokenProgram, new byte[165]));
        Chain.FailsWith(InstructionError.UninitializedAccount, _s.N1, work);
        Chain.Bank.SetAccount(account, new AccountState(TestChain.Sol, WellKnownAddresses.TokenMetadataProgram, new byte[165]));
        Chain.Fails(AnchorError.AccountOwnedByWrongProgram, "nft", _s.N1, work);
    }

    [Fact]
    public void Types_OfProgramsSysvarsAndSigners_AreChecked()
    {
        TransactionInstruction work = _s.WorkCall(_s.N1, Chain.NewKey());
        Chain.Fails(AnchorError.InvalidProgramId, "system_program", _s.N1, JobsDerivedScenarios.Change(work, 7, meta => meta with { PublicKey = WellKnownAddresses.TokenProgram }));
        Chain.Fails(AnchorError.AccountNotSigner, "authority", _s.N1, JobsDerivedScenarios.Change(work, 6, _ => AccountMeta.ReadOnly(_s.N2, isSigner: false)));
        TransactionInstruction open = Chain.Jobs.Open(Chain.NewKey(), _s.M, _s.Terms);
        Chain.Fails(AnchorError.AccountSysvarMismatch, "rent", _s.M, JobsDerivedScenarios.Change(open, 5, meta => meta with { PublicKey = WellKnownAddresses.SystemProgram }));
    }

    [Fact]
    public void Types_BeforeConstraints_EvenOfEarlierAccounts()
    {
        // The market's constraint would fail first, were it not that all types come before all constraints.
        TransactionInstruction update = Chain.Jobs.Update(_s.Market, _s.N1, _s.Terms);
        Chain.Fails(CommonError.Unauthorized, "market", _s.N1, update);
        Chain.Fails(AnchorError.AccountNotSigner, "authority", _s.U2, JobsDerivedScenarios.Change(update, 2, meta => meta with { IsSigner = false }));
    }

    [Fact]
    public void Creation_OfAUsedKey_IsTheSystemProgramsErrorAndComesBeforeConstraints()
    {
        (PublicKey used, _) = _s.List();
        PublicKey poor = Chain.NewWallet(nos: Balance);
        Chain.Fund(poor, 2_000_000);
        TransactionInstruction list = ListCall();
        Chain.FailsWith(InstructionError.Custom((uint)SystemError.AccountAlreadyInUse), _s.M, JobsDerivedScenarios.Change(list, 0, meta => meta with { PublicKey = used }));
        Chain.FailsWith(InstructionError.Custom((uint)SystemError.ResultWithNegativeLamports), poor, Chain.Jobs.List(Chain.NewKey(), _s.Market, Chain.NewKey(), poor, Definition, JobTimeout));
        Chain.FailsWith(InstructionError.PrivilegeEscalation, _s.M, JobsDerivedScenarios.Change(list, 0, meta => meta with { IsSigner = false }));
        // A wrong vault as well: creation still comes first.
        TransactionInstruction wrongVault = JobsDerivedScenarios.Change(list, 4, meta => meta with { PublicKey = _s.Nos(_s.N1) });
        Chain.Fails(CommonError.InvalidVault, "market", _s.M, wrongVault);
        Chain.FailsWith(InstructionError.Custom((uint)SystemError.AccountAlreadyInUse), _s.M, JobsDerivedScenarios.Change(wrongVault, 0, meta => meta with { PublicKey = used }));
    }

    [Fact]
    public void Creation_AtAnAddressWithLamports_TopsItUp()
    {
        PublicKey job = Chain.NewKey();
        Chain.Fund(job, 1_000);
        Chain.Send(_s.M, Chain.Jobs.List(job, _s.Market, Chain.NewKey(), _s.M, Definition, JobTimeout));
        Assert.Equal(2_561_280UL, Chain.Lamports(job));
    }

    [Fact]
    public void Creation_OfAVaultElsewhere_ConstraintSeeds()
    {
        PublicKey market = Chain.NewKey();
        TransactionInstruction open = Chain.Jobs.Open(market, _s.M, _s.Terms);
        Chain.Fails(AnchorError.ConstraintSeeds, "vault", _s.M, JobsDerivedScenarios.Change(open, 2, meta => meta with { PublicKey = Chain.NewKey() }));
        Chain.Fails(CommonError.InvalidMint, "mint", _s.M, OpenWithOtherMint());

        TransactionInstruction OpenWithOtherMint()
        {
            PublicKey mint = new AccessKeys(Chain).Collection;
            PublicKey vault = Nosana.Programs.ProgramDerivedAddress.Find(Chain.Addresses.Jobs, market.KeyBytes, mint.KeyBytes).Address;
            TransactionInstruction call = JobsDerivedScenarios.Change(open, 0, meta => meta with { PublicKey = mint });
            return JobsDerivedScenarios.Change(call, 2, meta => meta with { PublicKey = vault });
        }
    }

    [Fact]
    public void Duplicates_BeforeConstraints_OfWritableDataAccountsOnly()
    {
        TransactionInstruction list = ListCall();
        TransactionInstruction userIsVault = JobsDerivedScenarios.Change(list, 3, meta => meta with { PublicKey = _s.Vault });
        Chain.Fails(AnchorError.ConstraintDuplicateMutableAccount, "vault", _s.M, userIsVault);
        var before = new JobsScenario(openMarket: true, rejectDuplicates: false);
        TransactionInstruction old = before.Chain.Jobs.List(before.Chain.NewKey(), before.Market, before.Chain.NewKey(), before.M, Definition, JobTimeout, user: before.Vault);
        before.Chain.Fails(CommonError.InvalidATA, "user", before.M, old);
    }

    [Fact]
    public void Constraints_ReadOnlyAccounts_ConstraintMut()
    {
        TransactionInstruction stop = Chain.Jobs.Stop(_s.Market, _s.N1);
        // Writable comes before the market's own conditions.
        Chain.Fails(AnchorError.ConstraintMut, "market", _s.N1, JobsDerivedScenarios.Change(stop, 0, meta => meta with { IsWritable = false }));
        Chain.Fails(JobsError.MarketInWrongState, "market", _s.N1, stop);
    }

    [Fact]
    public void Constraints_TokenAccountOfAnother_InvalidAta()
    {
        Chain.Fails(CommonError.InvalidATA, "user", _s.M, Chain.Jobs.List(Chain.NewKey(), _s.Market, Chain.NewKey(), _s.M, Definition, JobTimeout, user: _s.Nos(_s.N1)));
        (PublicKey job, PublicKey run) = _s.Running(node: _s.N1);
        Chain.Fails(CommonError.InvalidATA, "deposit", _s.N1, Chain.Jobs.Finish(job, _s.Market, run, _s.N1, Result, deposit: _s.Nos(_s.N1), user: _s.Nos(_s.N1), payerRun: _s.N1, payerJob: _s.M));
        Chain.Fails(CommonError.InvalidATA, "user", _s.M, Chain.Jobs.End(job, _s.Market, run, _s.M, deposit: _s.Nos(_s.M), user: _s.Nos(_s.N2), payer: _s.N1));
        // The node may be paid into any NOS account.
        Chain.Send(_s.N1, Chain.Jobs.Finish(job, _s.Market, run, _s.N1, Result, deposit: _s.Nos(_s.M), user: _s.Nos(_s.N2), payerRun: _s.N1, payerJob: _s.M));
    }

    [Fact]
    public void Constraints_StakeOfTheSameAuthorityElsewhere_InvalidStakeAccount()
    {
        PublicKey copy = Chain.NewKey();
        Chain.Bank.SetAccount(copy, Chain.Bank.GetAccount(Chain.Addresses.Stake(_s.N1).Address)!);
        Chain.Fails(StakingError.InvalidStakeAccount, "stake", _s.N1, Chain.Jobs.Work(Chain.NewKey(), _s.Market, _s.N1, stake: copy));
    }

    [Fact]
    public void Logs_OfAFailure_HaveAnchorsFormat()
    {
        TransactionResult result = Chain.Bank.Execute(_s.N1, Chain.Jobs.Update(_s.Market, _s.N1, _s.Terms));
        Assert.Equal(
            [
                $"Program {Chain.Addresses.Jobs} invoke [1]",
                "Program log: Instruction: Update",
                "Program log: AnchorError caused by account: market. Error Code: Unauthorized. Error Number: 6000. Error Message: the signer has no right to do this.",
                "Program log: Left:", $"Program log: {_s.M}", "Program log: Right:", $"Program log: {_s.N1}",
            ],
            result.Logs.Take(7));
        Assert.Equal($"Program {Chain.Addresses.Jobs} failed: custom program error: 0x1770", result.Logs[^1]);
    }

    private TransactionInstruction ListCall() => Chain.Jobs.List(Chain.NewKey(), _s.Market, Chain.NewKey(), _s.M, Definition, JobTimeout);
}
