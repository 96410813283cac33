using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Runtime;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Money;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>The accounts that exist before anyone calls Nosana's programs.</summary>
internal static class GenesisAccounts
{
    /// <summary>The NOS mint and the rewards vault of every network; reflection and staking settings of the first.</summary>
    public static IReadOnlyList<KeyValuePair<PublicKey, AccountState>> Shared(IReadOnlyList<ProgramAddresses> networks, PublicKey mintAuthority)
    {
        ProgramAddresses primary = networks[0];
        ProgramDerivedAddress vault = primary.RewardsVault();
        var reflection = new ReflectionAccount { Rate = RewardPool.InitialRate, Vault = vault.Address, VaultBump = vault.Bump };
        var settings = new SettingsAccount { Authority = primary.Authority, TokenAccount = primary.SlashTokenAccount };
        return
        [
            .. networks.Select(network => KeyValuePair.Create(network.NosMint, Mint(mintAuthority))),
            .. networks.Select(network => TokenAccount(network.RewardsVault().Address, network.RewardsVault().Address, network.NosMint, 0)),
            KeyValuePair.Create(primary.Reflection().Address, State(primary.Rewards, reflection.Encode(), ReflectionAccount.AllocatedLength)),
            KeyValuePair.Create(primary.StakeSettings().Address, State(primary.Staking, settings.Encode(), SettingsAccount.AllocatedLength)),
        ];
    }

    /// <summary>A wallet's associated token account holding <paramref name="amount"/> micro-NOS.</summary>
    public static KeyValuePair<PublicKey, AccountState> NosAccount(ProgramAddresses network, PublicKey owner, ulong amount) =>
        TokenAccount(network.NosTokenAccount(owner), owner, network.NosMint, amount);

    /// <summary>A token account at any address.</summary>
    public static KeyValuePair<PublicKey, AccountState> TokenAccount(PublicKey address, PublicKey owner, PublicKey mint, ulong amount) => KeyValuePair.Create(
        address,
        State(WellKnownAddresses.TokenProgram, new TokenAccountData { Mint = mint, Owner = owner, Amount = amount }.ToBytes(), TokenLayout.AccountLength));

    /// <summary>A wallet's stake and its vault.</summary>
    public static IReadOnlyList<KeyValuePair<PublicKey, AccountState>> Stake(ProgramAddresses network, PublicKey wallet, ulong amount, ulong duration = StakeWeight.DurationMin)
    {
        ProgramDerivedAddress vault = network.StakeVault(wallet);
        var stake = new StakeAccount
        {
            Amount = amount,
            Authority = wallet,
            Duration = duration,
            Vault = vault.Address,
            VaultBump = vault.Bump,
            Xnos = StakeWeight.Xnos(amount, duration),
        };
        return
        [
            KeyValuePair.Create(network.Stake(wallet).Address, State(network.Staking, stake.Encode(), StakeAccount.AllocatedLength)),
            TokenAccount(vault.Address, vault.Address, network.NosMint, amount),
        ];
    }

    private static AccountState Mint(PublicKey authority) => State(
        WellKnownAddresses.TokenProgram,
        new TokenMintData { MintAuthority = authority, Decimals = ProgramAddresses.NosDecimals }.ToBytes(),
        TokenLayout.MintLength);

    private static AccountState State(PublicKey owner, byte[] content, int length)
    {
        byte[] data = new byte[length];
        content.CopyTo(data, 0);
        return new AccountState(Rent.MinimumBalance(length), owner, data);
    }
}
