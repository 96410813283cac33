using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Genesis.Idl;
using Nosana.LocalNet.Rpc;
using Nosana.LocalNet.Runtime;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Money;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Genesis;

/// <summary>The accounts of the first block.</summary>
internal sealed class LocalNetGenesis(LocalNetKeys keys, IReadOnlyList<LocalNetSet> sets, MarketTerms terms)
{
    /// <summary>100,000,000 NOS of each mint.</summary>
    public const ulong Supply = 100_000_000UL * 1_000_000UL;

    private const ulong AdministratorLamports = 100_000_000_000;
    private const byte SolDecimals = 9;

    private readonly Dictionary<PublicKey, AccountState> _accounts = [];

    /// <summary>Both sets: the programs' addresses with this network's administrators in the place of the real ones.</summary>
    public static IReadOnlyList<LocalNetSet> Sets(LocalNetKeys keys) =>
    [
        new(Administered(ProgramAddresses.Mainnet, keys), keys.MainnetMarket.PublicKey),
        new(Administered(ProgramAddresses.Devnet, keys), keys.DevnetMarket.PublicKey),
    ];

    public IReadOnlyList<KeyValuePair<PublicKey, AccountState>> Build(IReadOnlyList<LocalNetWallet> wallets)
    {
        Wallet(keys.Faucet.PublicKey, Faucet.InitialLamports);
        Account[] administrators = [keys.MarketAuthority, keys.MarketAdmin, keys.Authority, keys.MintAuthority];
        foreach (PublicKey administrator in administrators.Select(key => key.PublicKey).Distinct()) Wallet(administrator, AdministratorLamports);
        Put(TokenInitialize.NativeMint, WellKnownAddresses.TokenProgram, new TokenMintData { Decimals = SolDecimals }.ToBytes());
        foreach (LocalNetWallet wallet in wallets) Wallet(wallet.Address, wallet.Lamports);
        foreach (LocalNetSet set in sets) BuildSet(set, wallets);
        BuildShared(sets[0].Programs);
        return [.. _accounts];
    }

    private static ProgramAddresses Administered(ProgramAddresses addresses, LocalNetKeys keys) =>
        addresses with { MarketAdmin = keys.MarketAdmin.PublicKey, Authority = keys.Authority.PublicKey };

    private void BuildSet(LocalNetSet set, IReadOnlyList<LocalNetWallet> wallets)
    {
        ProgramAddresses programs = set.Programs;
        ulong given = 0;
        foreach (LocalNetWallet wallet in wallets)
        {
            given = checked(given + wallet.MicroNos);
            NosAccount(programs, wallet.Address, wallet.MicroNos);
            Stake(programs, wallet.Address);
        }
        if (given > Supply) throw new ArgumentException($"The wallets of genesis ask for {Amount.FormatNos(given)} NOS; there are {Amount.FormatNos(Supply)}.");
        NosAccount(programs, keys.MintAuthority.PublicKey, Supply - given);
        if (keys.MarketAuthority.PublicKey != keys.MintAuthority.PublicKey) NosAccount(programs, keys.MarketAuthority.PublicKey, 0);
        var mint = new TokenMintData { MintAuthority = keys.MintAuthority.PublicKey, Supply = Supply, Decimals = ProgramAddresses.NosDecimals };
        Put(programs.NosMint, WellKnownAddresses.TokenProgram, mint.ToBytes());
        Token(programs.SlashTokenAccount, programs.NosMint, keys.Authority.PublicKey, 0);
        PublicKey rewardsVault = programs.RewardsVault().Address;
        Token(rewardsVault, programs.NosMint, rewardsVault, 0);
        Market(set);
        foreach ((PublicKey address, AccountState idl) in IdlAccounts.For(programs, keys.Authority.PublicKey)) _accounts[address] = idl;
    }

    private void Market(LocalNetSet set)
    {
        ProgramDerivedAddress vault = set.Programs.MarketVault(set.Market);
        Token(vault.Address, set.Programs.NosMint, vault.Address, 0);
        var market = new MarketAccount
        {
            Authority = keys.MarketAuthority.PublicKey,
            JobExpiration = terms.JobExpiration,
            JobPrice = terms.JobPrice,
            JobTimeout = terms.JobTimeout,
            JobType = terms.JobType,
            Vault = vault.Address,
            VaultBump = vault.Bump,
            NodeAccessKey = terms.NodeAccessKey,
            NodeXnosMinimum = terms.NodeXnosMinimum,
        };
        Put(set.Market, set.Programs.Jobs, Padded(market.Encode(), MarketAccount.AllocatedLength));
    }

    private void Stake(ProgramAddresses programs, PublicKey wallet)
    {
        ProgramDerivedAddress vault = programs.StakeVault(wallet);
        Token(vault.Address, programs.NosMint, vault.Address, 0);
        var stake = new StakeAccount
        {
            Authority = wallet,
            Duration = StakeWeight.DurationMin,
            Vault = vault.Address,
            VaultBump = vault.Bump,
            Xnos = StakeWeight.Xnos(0, StakeWeight.DurationMin),
        };
        Put(programs.Stake(wallet).Address, programs.Staking, Padded(stake.Encode(), StakeAccount.AllocatedLength));
    }

    /// <summary>The accounts whose addresses hold no mint: both sets have them in common, and they name the first set's accounts.</summary>
    private void BuildShared(ProgramAddresses programs)
    {
        ProgramDerivedAddress vault = programs.RewardsVault();
        var reflection = new ReflectionAccount { Rate = RewardPool.InitialRate, Vault = vault.Address, VaultBump = vault.Bump };
        Put(programs.Reflection().Address, programs.Rewards, Padded(reflection.Encode(), ReflectionAccount.AllocatedLength));
        var settings = new SettingsAccount { Authority = keys.Authority.PublicKey, TokenAccount = programs.SlashTokenAccount };
        Put(programs.StakeSettings().Address, programs.Staking, Padded(settings.Encode(), SettingsAccount.AllocatedLength));
    }

    private void NosAccount(ProgramAddresses programs, PublicKey wallet, ulong amount) =>
        Token(programs.NosTokenAccount(wallet), programs.NosMint, wallet, amount);

    private void Token(PublicKey address, PublicKey mint, PublicKey owner, ulong amount) =>
        Put(address, WellKnownAddresses.TokenProgram, new TokenAccountData { Mint = mint, Owner = owner, Amount = amount }.ToBytes());

    private void Wallet(PublicKey address, ulong lamports) =>
        _accounts[address] =
            new AccountState(checked(lamports + (_accounts.GetValueOrDefault(address)?.Lamports ?? 0)), WellKnownAddresses.SystemProgram, default);

    private void Put(PublicKey address, PublicKey owner, byte[] data) => _accounts[address] = new AccountState(Rent.MinimumBalance(data.Length), owner, data);

    private static byte[] Padded(byte[] serialized, int allocated)
    {
        Array.Resize(ref serialized, allocated);
        return serialized;
    }
}
