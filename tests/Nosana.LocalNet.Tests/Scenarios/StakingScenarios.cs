using Nosana.LocalNet.Runtime;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Money;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using InstructionError = Nosana.LocalNet.Runtime.InstructionError;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>The staking program (rows S1 to S16).</summary>
public sealed class StakingScenarios
{
    private const ulong Day = 86_400;
    private const ulong Amount = 10_000_000_000;
    private const ulong Balance = 100_000_000_000;

    private readonly TestChain _chain = new();
    private readonly PublicKey _m, _n1;

    public StakingScenarios()
    {
        _m = _chain.NewWallet(nos: Balance);
        _n1 = _chain.NewWallet(nos: Balance);
    }

    private StakeAccount Stake => _chain.Read<StakeAccount>(_chain.Addresses.Stake(_m).Address);

    private ulong Vault => _chain.Tokens(_chain.Addresses.StakeVault(_m).Address);

    [Fact]
    public void S1_Init_Settings_AreTheBuildsConstants()
    {
        PublicKey settings = _chain.Addresses.StakeSettings().Address;
        _chain.Bank.SetAccount(settings, AccountState.Empty);
        _chain.Send(_m, _chain.Staking.Init(_m));
        SettingsAccount account = _chain.Read<SettingsAccount>(settings);
        Assert.Equal((_chain.Addresses.Authority, _chain.Addresses.SlashTokenAccount), (account.Authority, account.TokenAccount));
        _chain.FailsWith(InstructionError.Custom((uint)SystemError.AccountAlreadyInUse), _m, _chain.Staking.Init(_m));
    }

    [Fact]
    public void S2_Stake_OneSecondTooShort_DurationTooShort() => _chain.Fails(StakingError.DurationTooShort, null, _m, _chain.Staking.Stake(_m, Amount, 14 * Day - 1));

    [Fact]
    public void S3_Stake_OneSecondTooLong_DurationTooLong() => _chain.Fails(StakingError.DurationTooLong, null, _m, _chain.Staking.Stake(_m, Amount, 365 * Day + 1));

    [Fact]
    public void S4_Stake_Nothing_CreatesAWeightlessStake()
    {
        _chain.Send(_m, _chain.Staking.Stake(_m, 0, 14 * Day));
        var vault = _chain.Addresses.StakeVault(_m);
        Assert.Equal(new StakeAccount { Authority = _m, Duration = 14 * Day, Vault = vault.Address, VaultBump = vault.Bump }.Encode(), Stake.Encode());
        Assert.Equal((0UL, 1_726_080UL), (Vault, _chain.Lamports(_chain.Addresses.Stake(_m).Address)));
    }

    [Fact]
    public void S5_Unstake_FreshStake_HasTimeAndNoWeight()
    {
        _chain.Send(_m, _chain.Staking.Stake(_m, Amount, 14 * Day));
        Assert.Equal((UInt128)11_150_684_931, Stake.Xnos);
        _chain.Send(_m, _chain.Staking.Unstake(_m));
        Assert.Equal((_chain.Now, UInt128.Zero, Amount), (Stake.TimeUnstake, Stake.Xnos, Stake.Amount));
    }

    [Fact]
    public void S6_Extend_BySeven_AddsThemBecauseTheArgumentHasNoSign()
    {
        _chain.Send(_m, _chain.Staking.Stake(_m, Amount, 14 * Day));
        TransactionInstruction extend = _chain.Staking.Extend(_m, 7);
        Assert.Equal("e47f0001e39a36a80700000000000000", Convert.ToHexStringLower(extend.Data));
        _chain.Send(_m, extend);
        Assert.Equal((14 * Day + 7, StakeWeight.Xnos(Amount, 14 * Day + 7)), (Stake.Duration, Stake.Xnos));
        _chain.Fails(StakingError.DurationTooShort, null, _m, _chain.Staking.Extend(_m, 0));
    }

    [Fact]
    public void S7_Extend_BeyondAYear_DurationTooLong()
    {
        _chain.Send(_m, _chain.Staking.Stake(_m, Amount, 14 * Day));
        _chain.Fails(StakingError.DurationTooLong, null, _m, _chain.Staking.Extend(_m, 351 * Day + 1));
        _chain.Send(_m, _chain.Staking.Extend(_m, 351 * Day));
        Assert.Equal((UInt128)40_000_000_000, Stake.Xnos);
    }

    [Fact]
    public void S8_Unstake_OthersStake_Unauthorized()
    {
        _chain.Send(_m, _chain.Staking.Stake(_m, Amount, 14 * Day));
        _chain.Fails(CommonError.Unauthorized, "stake", _n1, _chain.Staking.Unstake(_n1, stake: _chain.Addresses.Stake(_m).Address));
    }

    [Fact]
    public void S9_Unstake_WrongRewardAccount_InvalidAccountOrHasReward()
    {
        _chain.Send(_m, _chain.Staking.Stake(_m, Amount, 14 * Day));
        _chain.Fails(StakingError.HasReward, "reward", _m, _chain.Staking.Unstake(_m, reward: _n1));
        _chain.Fails(CommonError.InvalidAccount, "reward", _m, _chain.Staking.Unstake(_m, reward: _chain.NewKey()));
    }

    [Fact]
    public void S10_Unstake_OwnStake_IsDatedByTheChain()
    {
        _chain.Send(_m, _chain.Staking.Stake(_m, Amount, 14 * Day));
        _chain.Advance(1_000);
        _chain.Send(_m, _chain.Staking.Unstake(_m));
        Assert.Equal((1_750_001_000L, UInt128.Zero), (Stake.TimeUnstake, Stake.Xnos));
        _chain.Fails(StakingError.AlreadyUnstaked, "stake", _m, _chain.Staking.Unstake(_m));
    }

    [Fact]
    public void S11_Topup_UnstakedThenRestaked_OnlyTheSecondIsAllowed()
    {
        Unstaked();
        _chain.Fails(StakingError.AlreadyUnstaked, "stake", _m, _chain.Staking.Topup(_m, Amount));
        _chain.Send(_m, _chain.Staking.Restake(_m));
        _chain.Fails(StakingError.AlreadyStaked, "stake", _m, _chain.Staking.Restake(_m));
        ulong user = _chain.Nos(_m);
        _chain.Send(_m, _chain.Staking.Topup(_m, Amount));
        Assert.Equal((user - Amount, 2 * Amount), (_chain.Nos(_m), Vault));
        Assert.Equal((2 * Amount, StakeWeight.Xnos(2 * Amount, 14 * Day), 0L), (Stake.Amount, Stake.Xnos, Stake.TimeUnstake));
        _chain.Fails(StakingError.AmountNotEnough, null, _m, _chain.Staking.Topup(_m, 0));
    }

    [Fact]
    public void S12_Close_TooEarly_NotUnstakedThenLocked()
    {
        _chain.Send(_m, _chain.Staking.Stake(_m, Amount, 14 * Day));
        _chain.Fails(StakingError.NotUnstaked, "stake", _m, _chain.Staking.Close(_m));
        _chain.Send(_m, _chain.Staking.Unstake(_m));
        _chain.Fails(StakingError.Locked, "stake", _m, _chain.Staking.Close(_m));
        _chain.Advance((long)(14 * Day));
        _chain.Fails(StakingError.Locked, "stake", _m, _chain.Staking.Close(_m));
        _chain.Advance(1);
        _chain.Fails(CommonError.VaultNotEmpty, "vault", _m, _chain.Staking.Close(_m));
        _chain.Send(_m, _chain.Staking.Withdraw(_m));
        _chain.Fails(CommonError.VaultEmpty, "vault", _m, _chain.Staking.Withdraw(_m));
        _chain.Send(_m, _chain.Staking.Close(_m));
        Assert.Equal((false, false, Balance), (_chain.Exists(_chain.Addresses.Stake(_m).Address), _chain.Exists(_chain.Addresses.StakeVault(_m).Address), _chain.Nos(_m)));
    }

    [Fact]
    public void S13_Withdraw_AfterUnstake_ReleasesLinearly()
    {
        _chain.Send(_m, _chain.Staking.Stake(_m, Amount, 14 * Day));
        _chain.Fails(StakingError.NotUnstaked, "stake", _m, _chain.Staking.Withdraw(_m));
        _chain.Send(_m, _chain.Staking.Unstake(_m));
        ulong user = _chain.Nos(_m);
        foreach (int second in new[] { 1_000, 2_000 })
        {
            _chain.Advance(1_000);
            _chain.Send(_m, _chain.Staking.Withdraw(_m));
            ulong exact = Amount * (ulong)second / (14 * Day);
            Assert.InRange(_chain.Nos(_m) - user, exact - 10, exact);
            Assert.Equal(Amount - (_chain.Nos(_m) - user), Vault);
        }
    }

    [Fact]
    public void S14_Restake_AfterWithdrawal_StakesWhatIsLeft()
    {
        Unstaked();
        _chain.Advance(100_000);
        _chain.Send(_m, _chain.Staking.Withdraw(_m));
        _chain.Send(_m, _chain.Staking.Restake(_m));
        Assert.NotEqual(Amount, Stake.Amount);
        Assert.Equal((Vault, 0L, StakeWeight.Xnos(Vault, 14 * Day)), (Stake.Amount, Stake.TimeUnstake, Stake.Xnos));
    }

    [Fact]
    public void S15_Slash_OnlyBySettingsAuthority_MovesTheAmount()
    {
        PublicKey destination = _chain.Addresses.SlashTokenAccount, admin = TestChain.Administrator;
        _chain.Bank.SetAccounts([GenesisAccounts.TokenAccount(destination, admin, _chain.Addresses.NosMint, 0)]);
        _chain.Send(_m, _chain.Staking.Stake(_m, Amount, 14 * Day));
        _chain.Send(admin, _chain.Staking.Slash(_m, destination, admin, 1_000));
        Assert.Equal((1_000UL, Amount - 1_000, Amount - 1_000, StakeWeight.Xnos(Amount - 1_000, 14 * Day)), (_chain.Tokens(destination), Vault, Stake.Amount, Stake.Xnos));

        _chain.Fails(CommonError.Unauthorized, "settings", _n1, _chain.Staking.Slash(_m, destination, _n1, 1_000));
        _chain.Fails(CommonError.InvalidTokenAccount, "token_account", _n1, _chain.Staking.Slash(_m, _chain.Addresses.NosTokenAccount(_n1), _n1, 1_000));
        _chain.Fails(StakingError.AmountNotEnough, null, admin, _chain.Staking.Slash(_m, destination, admin, Amount));
        // An account of another type where the settings should be, however well its owner suits.
        _chain.Fails(AnchorError.AccountDiscriminatorMismatch, "settings", _m, _chain.Staking.Slash(_m, destination, _m, 1_000, settings: _chain.Addresses.Stake(_m).Address));

        _chain.Fails(CommonError.Unauthorized, "settings", _n1, _chain.Staking.UpdateSettings(_n1, destination, _n1));
        _chain.Send(admin, _chain.Staking.UpdateSettings(_n1, _chain.Addresses.NosTokenAccount(_n1), admin));
        _chain.Send(_n1, _chain.Staking.Slash(_m, _chain.Addresses.NosTokenAccount(_n1), _n1, 500));
        Assert.Equal(Balance + 500, _chain.Nos(_n1));
        _chain.Fails(CommonError.Unauthorized, "settings", admin, _chain.Staking.Slash(_m, _chain.Addresses.NosTokenAccount(_n1), admin, 500));
    }

    [Fact]
    public void S16_Stake_Minimum_HasEnoughWeightForTheJobsMarket()
    {
        _chain.Send(_m, _chain.Staking.Stake(_m, Amount, 14 * Day));
        Assert.Equal((UInt128)11_150_684_931, Stake.Xnos);
        Assert.True(Stake.Xnos >= JobsScenario.XnosMinimum);
        Assert.Equal((Balance - Amount, Amount), (_chain.Nos(_m), Vault));
    }

    private void Unstaked()
    {
        _chain.Send(_m, _chain.Staking.Stake(_m, Amount, 14 * Day));
        _chain.Send(_m, _chain.Staking.Unstake(_m));
    }
}
