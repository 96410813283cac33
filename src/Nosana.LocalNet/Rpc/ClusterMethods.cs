using System.Text.Json;
using Nosana.LocalNet.Faults;
using Nosana.LocalNet.Runtime;

namespace Nosana.LocalNet.Rpc;

/// <summary>Methods about the cluster, which is this one node: its slots, its epochs, its speed.</summary>
/// <param name="addresses">Where the node answers HTTP and WebSockets: known once it listens.</param>
/// <param name="view">What the node has seen of it.</param>
internal sealed class ClusterMethods(Bank bank, BankView view, LocalNetFaults faults, Func<(Uri Rpc, Uri PubSub)> addresses)
{
    public const ulong SlotsPerEpoch = 432_000;

    private const int MaxLeaders = 5_000;
    private const ulong MaxSamples = 720;
    private const int SampleSeconds = 60;
    private const uint FeatureSet = 3_604_001_754;
    private const ulong SlotsBehind = 200;

    private readonly ulong _startedFrom = bank.FirstSlot;

    public IEnumerable<KeyValuePair<string, RpcMethod>> Methods =>
    [
        new("getHealth", GetHealth),
        new("getVersion", GetVersion),
        new("getSlot", (parameters, writer) => WriteSlot(parameters, writer)),
        new("getBlockHeight", (parameters, writer) => WriteSlot(parameters, writer)),
        new("getEpochInfo", GetEpochInfo),
        new("getEpochSchedule", GetEpochSchedule),
        new("getGenesisHash", (_, writer) => writer.WriteStringValue(bank.GenesisHash.Key)),
        new("getIdentity", GetIdentity),
        new("getTransactionCount", (_, writer) => writer.WriteNumberValue(bank.TransactionCount)),
        new("getClusterNodes", GetClusterNodes),
        new("getSlotLeader", GetSlotLeader),
        new("getSlotLeaders", GetSlotLeaders),
        new("getRecentPerformanceSamples", GetRecentPerformanceSamples),
        new("getHighestSnapshotSlot", GetHighestSnapshotSlot),
    ];

    /// <summary>The node has no key of its own: it goes by the name of its chain.</summary>
    private string Identity => bank.GenesisHash.Key;

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
        ulong slot = view.Slot;
        view.Check(parameters.Options(0), slot);
        writer.WriteNumberValue(slot);
    }

    private void GetEpochInfo(RpcParameters parameters, Utf8JsonWriter writer)
    {
        ulong slot = view.Slot;
        view.Check(parameters.Options(0), slot);
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
        writer.WriteString("identity", Identity);
        writer.WriteEndObject();
    }

    /// <summary>
    /// What this node does not listen for (gossip, turbine, transactions over UDP and QUIC) is null, as it is of a node that keeps it private.
    /// </summary>
    private void GetClusterNodes(RpcParameters parameters, Utf8JsonWriter writer)
    {
        (Uri rpc, Uri pubSub) = addresses();
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteNumber("featureSet", FeatureSet);
        writer.WriteNull("gossip");
        writer.WriteString("pubkey", Identity);
        writer.WriteString("pubsub", pubSub.Authority);
        writer.WriteString("rpc", rpc.Authority);
        writer.WriteNull("serveRepair");
        writer.WriteNumber("shredVersion", 0);
        writer.WriteNull("tpu");
        writer.WriteNull("tpuForwards");
        writer.WriteNull("tpuForwardsQuic");
        writer.WriteNull("tpuQuic");
        writer.WriteNull("tpuVote");
        writer.WriteNull("tvu");
        writer.WriteString("version", RpcWriting.Version);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private void GetSlotLeader(RpcParameters parameters, Utf8JsonWriter writer)
    {
        view.Check(parameters.Options(0), view.Slot);
        writer.WriteStringValue(Identity);
    }

    private void GetSlotLeaders(RpcParameters parameters, Utf8JsonWriter writer)
    {
        parameters.Number(0);
        ulong limit = parameters.Number(1);
        if (limit is 0 or > MaxLeaders) throw new RpcError(RpcError.InvalidParameters, $"Invalid limit; max {MaxLeaders}");
        writer.WriteStartArray();
        for (ulong i = 0; i < limit; i++) writer.WriteStringValue(Identity);
        writer.WriteEndArray();
    }

    /// <summary>One sample for each whole minute since the ledger begins, the newest first.</summary>
    private void GetRecentPerformanceSamples(RpcParameters parameters, Utf8JsonWriter writer)
    {
        ulong limit = parameters.At(0).ValueKind == JsonValueKind.Undefined ? MaxSamples : parameters.Number(0);
        if (limit > MaxSamples) throw new RpcError(RpcError.InvalidParameters, $"Invalid limit; max {MaxSamples}");
        ulong slots = (ulong)(TimeSpan.FromSeconds(SampleSeconds) / SlotClock.SlotLength);
        ulong first = bank.FirstSlot;
        writer.WriteStartArray();
        for (ulong last = (bank.Clock.Slot - 1) / slots * slots; limit > 0 && last + 1 >= first + slots; last -= slots, limit--)
        {
            int transactions = bank.CountTransactions(last - slots + 1, last);
            writer.WriteStartObject();
            writer.WriteNumber("numNonVoteTransactions", transactions);
            writer.WriteNumber("numSlots", slots);
            writer.WriteNumber("numTransactions", transactions);
            writer.WriteNumber("samplePeriodSecs", SampleSeconds);
            writer.WriteNumber("slot", last);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary>The state that this node started from: genesis, or what its database had kept.</summary>
    private void GetHighestSnapshotSlot(RpcParameters parameters, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("full", _startedFrom);
        writer.WriteNull("incremental");
        writer.WriteEndObject();
    }
}
