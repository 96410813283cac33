using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>What work and claim demand of a node: its stake, and the market's access key.</summary>
internal static class NodeAccess
{
    public static DataRule<StakeAccount> RequireStake(
        this DataRule<StakeAccount> stake, JobsSetup setup, DataRule<MarketAccount> market, Func<SignerRule> authority) => stake
        .HasOne(authority, account => account.Authority, CommonError.Unauthorized)
        .Where(call => stake.Of(call).Xnos >= market.Of(call).NodeXnosMinimum, JobsError.NodeNotEnoughStake)
        .At(call => setup.Stake(authority().Key(call)), StakingError.InvalidStakeAccount);

    public static TokenRule RequireAccessKey(this TokenRule nft, DataRule<MarketAccount> market, Func<SignerRule> authority) => nft
        .Where(call => market.Of(call).IsOpenMarket || nft.Of(call).Owner == authority().Key(call), JobsError.NodeNftWrongOwner)
        .Where(call => market.Of(call).IsOpenMarket || nft.Of(call).Amount >= 1, JobsError.NodeNftInvalidAmount);

    public static UncheckedRule RequireCollection(this UncheckedRule metadata, JobsSetup setup, DataRule<MarketAccount> market, TokenRule nft) => metadata
        .Where(
            call => market.Of(call).IsOpenMarket
                || (metadata.Key(call) == setup.Derived.Metadata(nft.Of(call).Mint)
                    && TokenMetadata.TryDecode(metadata.View(call).Data, out TokenMetadata? decoded)
                    && decoded.IsVerifiedMemberOf(market.Of(call).NodeAccessKey)),
            JobsError.NodeKeyInvalidCollection);
}
