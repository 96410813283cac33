using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>Seeds of the staking program's derived accounts.</summary>
internal static class Seeds
{
    public static byte[][] Settings { get; } = ["settings"u8.ToArray()];

    public static byte[][] Vault(AnchorCall call, AccountRule mint, AccountRule authority) =>
        ["vault"u8.ToArray(), mint.Key(call).KeyBytes, authority.Key(call).KeyBytes];

    public static byte[][] Stake(AnchorCall call, AccountRule mint, AccountRule authority) =>
        ["stake"u8.ToArray(), mint.Key(call).KeyBytes, authority.Key(call).KeyBytes];

    /// <summary>By which an existing vault signs.</summary>
    public static byte[][] VaultSigner(AnchorCall call, TokenRule vault, DataRule<StakeAccount> stake) =>
        ["vault"u8.ToArray(), vault.Of(call).Mint.KeyBytes, stake.Of(call).Authority.KeyBytes, [stake.Of(call).VaultBump]];
}
