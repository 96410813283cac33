using System.Text.Json;
using Nosana.LocalNet.Faults;
using Nosana.LocalNet.Runtime;

namespace Nosana.LocalNet.Rpc;

/// <summary>Methods about the node, its slots and its time.</summary>
internal sealed class ClusterMethods(Bank bank, LocalNetFaults faults)
{
    private const int SlotsPerEpoch = 432_000;
    private const uint FeatureSet = 3_604_001_754;
    private const ulong SlotsBehind = 200;

    public IEnumerable<KeyValuePair<string, RpcMethod>> Methods =>
    [
        new("getHealth", GetHealth),
        new("getVersion", GetVersion),
        new("getSlot", (parameters, writer) => WriteSlot(parameters, writer)),
        new("getBlockHeight", (parameters, writer) => WriteSlot(parameters, writer)),
        new("getBlockTime", GetBlockTime),
        new("getEpochInfo", GetEpochInfo),
        new("getEpochSchedule", GetEpochSchedule),
        new("getGenesisHash", (_, writer) => writer.WriteStringValue(bank.GenesisHash.Key)),
        new("getIdentity", GetIdentity),
        new("getFirstAvailableBlock", (_, writer) => writer.WriteNumberValue(0)),
        new("minimumLedgerSlot", (_, writer) => writer.WriteNumberValue(0)),
        new("getTransactionCount", (_, writer) => writer.WriteNumberValue(bank.TransactionCount)),
        new("getSupply", GetSupply),
        new("getVoteAccounts", GetVoteAccounts),
    ];

    private void GetHealth(RpcParameters parameters, Utf8JsonWriter writer)
    {
        CheckHealth(faults);
        writer.WriteStringValue("ok");
    }

    /// <summary>Fails as a node does that has fallen behind its cluster.</summary>
    public static void CheckHealth(LocalNetFaults faults)
    {
        if (!faults.NodeBehind) return;
        throw new RpcError(RpcError.NodeUnhealthy, $"Node is behind by {SlotsBehind} slots", writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("numSlotsBehind", SlotsBehind);
            writer.WriteEndObject();
        });
    }

    private static void GetVersion(RpcParameters parameters, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("feature-set", FeatureSet);
        writer.WriteString("solana-core", RpcWriting.Version);
        writer.WriteEndObject();
    }

    private void WriteSlot(RpcParameters parameters, Utf8JsonWriter writer)
    {
        ulong slot = bank.Clock.Slot;
        MinContextSlot.Check(parameters.Options(0), slot);
        writer.WriteNumberValue(slot);
    }

    private void GetBlockTime(RpcParameters parameters, Utf8JsonWriter writer)
    {
        ulong slot = parameters.Number(0);
        if (slot > bank.Clock.Slot) throw new RpcError(-32004, $"Block not available for slot {slot}");
        writer.WriteNumberValue(bank.TimeOf(slot));
    }

    private void GetEpochInfo(RpcParameters parameters, Utf8JsonWriter writer)
    {
        ulong slot = bank.Clock.Slot;
        MinContextSlot.Check(parameters.Options(0), slot);
        writer.WriteStartObject();
        writer.WriteNumber("absoluteSlot", slot);
        writer.WriteNumber("blockHeight", slot);
        writer.WriteNumber("epoch", slot / SlotsPerEpoch);
        writer.WriteNumber("slotIndex", slot % SlotsPerEpoch);
        writer.WriteNumber("slotsInEpoch", SlotsPerEpoch);
        writer.WriteNumber("transactionCount", bank.TransactionCount);
        writer.WriteEndObject();
    }

    private static void GetEpochSchedule(RpcParameters parameters, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("firstNormalEpoch", 0);
        writer.WriteNumber("firstNormalSlot", 0);
        writer.WriteNumber("leaderScheduleSlotOffset", SlotsPerEpoch);
        writer.WriteNumber("slotsPerEpoch", SlotsPerEpoch);
        writer.WriteBoolean("warmup", false);
        writer.WriteEndObject();
    }

    private void GetIdentity(RpcParameters parameters, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("identity", bank.GenesisHash.Key);
        writer.WriteEndObject();
    }

    private void GetSupply(RpcParameters parameters, Utf8JsonWriter writer)
    {
        ulong total = 0;
        foreach ((_, AccountState account) in bank.Snapshot()) total += account.Lamports;
        writer.BeginContext(bank.Clock.Slot);
        writer.WriteStartObject();
        writer.WriteNumber("circulating", total);
        writer.WriteNumber("nonCirculating", 0);
        writer.WriteStartArray("nonCirculatingAccounts");
        writer.WriteEndArray();
        writer.WriteNumber("total", total);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void GetVoteAccounts(RpcParameters parameters, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("current");
        writer.WriteEndArray();
        writer.WriteStartArray("delinquent");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
