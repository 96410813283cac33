namespace Nosana.LocalNet.Genesis.Idl;

/// <summary>
/// The fields of each program's accounts by Anchor's names and types (solana-programs specification, section 2): "name type" in order.
/// </summary>
internal static class AccountFields
{
    private const string Key = "publicKey";

    public static IReadOnlyDictionary<string, IReadOnlyList<(string Name, string[] Fields)>> ByProgram { get; } =
        new Dictionary<string, IReadOnlyList<(string, string[])>>
        {
            ["jobs"] =
            [
                ("MarketAccount",
                [
                    $"authority {Key}", "jobExpiration i64", "jobPrice u64", "jobTimeout i64", "jobType u8", $"vault {Key}", "vaultBump u8",
                    $"nodeAccessKey {Key}", "nodeXnosMinimum u128", "queueType u8", $"queue vec:{Key}",
                ]),
                ("JobAccount",
                [
                    "ipfsJob array:32", "ipfsResult array:32", $"market {Key}", $"node {Key}", $"payer {Key}", "price u64", $"project {Key}", "state u8",
                    "timeEnd i64", "timeStart i64", "timeout i64",
                ]),
                ("RunAccount", [$"job {Key}", $"node {Key}", $"payer {Key}", "state u8", "time i64"]),
            ],
            ["staking"] =
            [
                ("SettingsAccount", [$"authority {Key}", $"tokenAccount {Key}"]),
                ("StakeAccount", ["amount u64", $"authority {Key}", "duration u64", "timeUnstake i64", $"vault {Key}", "vaultBump u8", "xnos u128"]),
            ],
            ["rewards"] =
            [
                ("ReflectionAccount", ["rate u128", "totalReflection u128", "totalXnos u128", $"vault {Key}", "vaultBump u8"]),
                ("RewardAccount", [$"authority {Key}", "bump u8", "reflection u128", "xnos u128"]),
            ],
            ["pools"] =
            [
                ("PoolAccount",
                [
                    $"authority {Key}", $"beneficiary {Key}", "claimType u8", "claimedTokens u64", "closeable bool", "emission u64", "startTime i64",
                    $"vault {Key}", "vaultBump u8",
                ]),
            ],
            ["nodes"] =
            [
                ("NodeAccount",
                [
                    $"authority {Key}", "audited bool", "architecture u8", "country u16", "cpu u16", "gpu u16", "memory u16", "iops u16", "storage u16",
                    "endpoint string", "icon string", "version string",
                ]),
            ],
        };
}
