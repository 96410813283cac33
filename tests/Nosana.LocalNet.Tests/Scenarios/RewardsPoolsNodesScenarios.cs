using Nosana.LocalNet.Runtime;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Money;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>Rewards, pools, nodes, access keys (rows R1 to R6, P1 to P3, D1 to D3, I1).</summary>
public sealed class RewardsPoolsNodesScenarios
{
    private const ulong Amount = 10_000_000_000;
    private const ulong Balance = 100_000_000_000;
    private const ulong Fee = 5_000_000;

    private static readonly NodeAccount Registration = new()
    {
        Architecture = NodeArchitecture.Amd64,
        Country = 528,
        Cpu = 8,
        Gpu = 0,
        Memory = 16,
        Iops = 1000,
        Storage = 100,
        Endpoint = "https://node.example",
        Icon = "icon",
        Version = "1.0.0",
    };

    private readonly TestChain _chain = new();
    private readonly PublicKey _m, _n1;

    public RewardsPoolsNodesScenarios()
    {
        _m = _chain.NewWallet(nos: Balance, stake: Amount);
        _n1 = _chain.NewWallet(nos: Balance, stake: Amount);
    }

    private ReflectionAccount Pool => _chain.Read<ReflectionAccount>(_chain.Addresses.Reflection().Address);

    private RewardAccount Reward => _chain.Read<RewardAccount>(_chain.Addresses.Reward(_m).Address);

    private UInt128 Xnos => _chain.Read<StakeAccount>(_chain.Addresses.Stake(_m).Address).Xnos;

    [Fact]
    public void R1_Enter_OthersStake_Unauthorized() =>
        _chain.Fails(CommonError.Unauthorized, "stake", _n1, _chain.Rewards.Enter(_n1, stake: _chain.Addresses.Stake(_m).Address));

    [Fact]
    public void R2_Enter_OwnStake_AddsToTheTotals()
    {
        _chain.Send(_m, _chain.Rewards.Enter(_m));
        UInt128 reflection = Xnos * RewardPool.InitialRate;
        Assert.Equal((Xnos, reflection, RewardPool.InitialRate), (Pool.TotalXnos, Pool.TotalReflection, Pool.Rate));
        Assert.Equal((_m, Xnos, reflection, _chain.Addresses.Reward(_m).Bump), (Reward.Authority, Reward.Xnos, Reward.Reflection, Reward.Bump));
    }

    [Fact]
    public void R3_Unstake_RewardOpen_HasReward()
    {
        _chain.Send(_m, _chain.Rewards.Enter(_m));
        _chain.Fails(StakingError.HasReward, "reward", _m, _chain.Staking.Unstake(_m));
    }

    [Fact]
    public void R4_AddFeeThenClaim_TwoStakers_ShareTheFee()
    {
        _chain.Send(_m, _chain.Rewards.Enter(_m));
        _chain.Send(_n1, _chain.Rewards.Enter(_n1));
        _chain.Send(_n1, _chain.Rewards.AddFee(_n1, Fee));
        ReflectionAccount pool = Pool;
        Assert.Equal(2 * Xnos + Fee, pool.TotalXnos);
        Assert.Equal(pool.TotalReflection / pool.TotalXnos, pool.Rate);
        Assert.True(pool.Rate < RewardPool.InitialRate);
        Assert.Equal(Fee, _chain.Tokens(_chain.Addresses.RewardsVault().Address));

        UInt128 due = Reward.Reflection / pool.Rate - Reward.Xnos;
        Assert.InRange((ulong)due, Fee / 2 - 1, Fee / 2);
        ulong before = _chain.Nos(_m);
        _chain.Send(_m, _chain.Rewards.Claim(_m));
        Assert.Equal((ulong)due, _chain.Nos(_m) - before);
        Assert.Equal(Xnos * pool.Rate, Reward.Reflection);
        // Nothing is due a second time: the call succeeds and pays nothing.
        _chain.Send(_m, _chain.Rewards.Claim(_m));
        Assert.Equal((ulong)due, _chain.Nos(_m) - before);
    }

    [Fact]
    public void R5_Sync_OthersStake_Unauthorized()
    {
        _chain.Send(_m, _chain.Rewards.Enter(_m));
        PublicKey reward = _chain.Addresses.Reward(_m).Address;
        _chain.Fails(CommonError.Unauthorized, "stake", _m, _chain.Rewards.Sync(reward, _chain.Addresses.Stake(_n1).Address));
        _chain.Send(_m, _chain.Staking.Topup(_m, Amount));
        _chain.Send(_n1, _chain.Rewards.Sync(reward, _chain.Addresses.Stake(_m).Address));
        Assert.Equal((Xnos, Xnos), (Reward.Xnos, Pool.TotalXnos));
    }

    [Fact]
    public void R6_CloseAndUnstake_OneTransaction_BothHappen()
    {
        _chain.Send(_m, _chain.Rewards.Enter(_m));
        _chain.Send(_m, _chain.Rewards.Close(_m), _chain.Staking.Unstake(_m));
        Assert.False(_chain.Exists(_chain.Addresses.Reward(_m).Address));
        Assert.Equal(_chain.Now, _chain.Read<StakeAccount>(_chain.Addresses.Stake(_m).Address).TimeUnstake);
        Assert.Equal((UInt128.Zero, UInt128.Zero), (Pool.TotalXnos, Pool.TotalReflection));
    }

    [Fact]
    public void P1_ClaimFee_UnderfundedPool_SucceedsAndPaysNothing()
    {
        PublicKey vault = _chain.Addresses.RewardsVault().Address, pool = OpenPool(vault, PoolClaimType.AddFee);
        _chain.Advance(3);
        _chain.Send(_m, _chain.Pools.ClaimFee(pool, _m));
        Assert.Equal(0UL, _chain.Tokens(vault));

        // The positive control: with one emission in it, the pool pays all stakers.
        _chain.Send(_m, _chain.Rewards.Enter(_m));
        PoolGets(pool, Fee);
        _chain.Send(_n1, _chain.Pools.ClaimFee(pool, _n1));
        Assert.Equal((Fee, Fee), (_chain.Tokens(vault), _chain.Read<PoolAccount>(pool).ClaimedTokens));
        Assert.Equal(Xnos + Fee, Pool.TotalXnos);
    }

    [Fact]
    public void P2_ClaimTransfer_UnderfundedPool_Underfunded()
    {
        PublicKey beneficiary = _chain.Addresses.NosTokenAccount(_n1), pool = OpenPool(beneficiary, PoolClaimType.Transfer);
        _chain.Fails(PoolsError.NotStarted, "pool", _m, _chain.Pools.ClaimTransfer(pool, beneficiary, _m));
        _chain.Advance(3);
        _chain.Fails(PoolsError.Underfunded, null, _m, _chain.Pools.ClaimTransfer(pool, beneficiary, _m));
        _chain.Fails(PoolsError.WrongBeneficiary, "pool", _m, _chain.Pools.ClaimTransfer(pool, _chain.Addresses.NosTokenAccount(_m), _m));
        _chain.Fails(PoolsError.WrongClaimType, "pool", _m, _chain.Pools.ClaimFee(pool, _m));

        PoolGets(pool, 10 * Fee);
        _chain.Send(_m, _chain.Pools.ClaimTransfer(pool, beneficiary, _m));
        Assert.Equal(Balance + 3 * Fee, _chain.Nos(_n1));
        _chain.Fails(PoolsError.NotCloseable, "pool", _m, _chain.Pools.Close(pool, _chain.Addresses.NosTokenAccount(_m), _m));
    }

    [Fact]
    public void P3_UpdateBeneficiary_OfAnothersAccount_IsATokenOwnerViolation()
    {
        PublicKey own = _chain.Addresses.NosTokenAccount(_m), other = _chain.Addresses.NosTokenAccount(_n1);
        PublicKey pool = OpenPool(own, PoolClaimType.Transfer);
        _chain.Fails(AnchorError.ConstraintTokenOwner, "beneficiary", _n1, _chain.Pools.UpdateBeneficiary(pool, own, other, _n1));
        _chain.Fails(PoolsError.WrongBeneficiary, "pool", _n1, _chain.Pools.UpdateBeneficiary(pool, other, other, _n1));
        _chain.Send(_m, _chain.Pools.UpdateBeneficiary(pool, own, other, _m));
        Assert.Equal(other, _chain.Read<PoolAccount>(pool).Beneficiary);
    }

    [Fact]
    public void D1_Register_Node_MatchesWhatWasGiven()
    {
        _chain.Send(_m, _chain.Nodes.Register(_m, Registration));
        Assert.Equal(Registration with { Authority = _m }, Node());
        _chain.Fails(NodesError.CountryCodeUnknown, null, _n1, _chain.Nodes.Register(_n1, Registration with { Country = 999 }));
        _chain.Fails(NodesError.CountryCodeUnknown, null, _n1, _chain.Nodes.Register(_n1, Registration with { Country = 231 }));
        _chain.Fails(NodesError.ArchitectureUnknown, null, _n1, _chain.Nodes.Register(_n1, Registration with { Architecture = (NodeArchitecture)10 }));
        _chain.Fails(NodesError.StorageInvalid, null, _n1, _chain.Nodes.Register(_n1, Registration with { Storage = 0 }));
        _chain.Fails(AnchorError.AccountDidNotSerialize, "node", _n1, _chain.Nodes.Register(_n1, Registration with { Icon = new string('i', 63) }));
    }

    [Fact]
    public void D2_Update_Node_HasTheNewVersion()
    {
        _chain.Send(_m, _chain.Nodes.Register(_m, Registration));
        _chain.Fails(CommonError.Unauthorized, "node", _n1, _chain.Nodes.Update(_n1, Registration, node: _chain.Addresses.Node(_m).Address));
        _chain.Send(_m, _chain.Nodes.Update(_m, Registration with { Version = "2.0.0" }));
        Assert.Equal(Registration with { Authority = _m, Version = "2.0.0" }, Node());
    }

    [Fact]
    public void D3_Audit_ByTheAuthority_MarksTheNode()
    {
        _chain.Send(_m, _chain.Nodes.Register(_m, Registration));
        PublicKey node = _chain.Addresses.Node(_m).Address;
        _chain.Fails(CommonError.Unauthorized, "authority", _m, _chain.Nodes.Audit(node, _m, audited: true));
        _chain.Send(TestChain.Administrator, _chain.Nodes.Audit(node, TestChain.Administrator, audited: true));
        Assert.True(Node().Audited);
    }

    [Fact]
    public void I1_AccessKeys_MintedForNodes_AreVerifiedMembersWithBalanceOne()
    {
        var keys = new AccessKeys(_chain);
        foreach (PublicKey wallet in new[] { _m, _n1 })
        {
            keys.Give(wallet);
            Assert.Equal(1UL, _chain.Tokens(keys.TokenAccountOf(wallet)));
            AccountState account = _chain.Bank.GetAccount(keys.MetadataOf(wallet))!;
            Assert.True(TokenMetadata.TryDecode(account.Data.Span, out TokenMetadata? metadata));
            Assert.Equal((keys.MintOf(wallet), true, "Access key"), (metadata.Mint, metadata.IsVerifiedMemberOf(keys.Collection), metadata.Name));
            // Where the official client looks: 207 bytes before the end of a 607-byte account.
            Assert.Equal(607, account.Data.Length);
            Assert.Equal(keys.Collection.KeyBytes, account.Data[368..400].ToArray());
        }
        Assert.NotEqual(keys.MintOf(_m), keys.MintOf(_n1));
    }

    private NodeAccount Node() => _chain.Read<NodeAccount>(_chain.Addresses.Node(_m).Address);

    private PublicKey OpenPool(PublicKey beneficiary, PoolClaimType type)
    {
        PublicKey pool = _chain.NewKey();
        _chain.Send(_m, _chain.Pools.Open(pool, beneficiary, _m, Fee, _chain.Now, type, closeable: false));
        return pool;
    }

    private void PoolGets(PublicKey pool, ulong amount)
    {
        PublicKey vault = _chain.Addresses.PoolVault(pool).Address;
        _chain.Send(_m, Nosana.Solana.Programs.TokenProgram.Transfer(_chain.Addresses.NosTokenAccount(_m), vault, amount, _m));
    }
}
