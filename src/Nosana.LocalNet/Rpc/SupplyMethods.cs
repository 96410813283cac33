using System.Text.Json;
using Nosana.LocalNet.Runtime;

namespace Nosana.LocalNet.Rpc;

/// <summary>Methods about the money and the stake of the whole network. Here nobody stakes for blocks, so nothing is ever added to the supply.</summary>
internal sealed class SupplyMethods(Bank bank)
{
    /// <summary>1 SOL, as a cluster has it on which every feature is active.</summary>
    private const ulong MinimumDelegation = 1_000_000_000;

    public IEnumerable<KeyValuePair<string, RpcMethod>> Methods =>
    [
        new("getSupply", GetSupply),
        new("getVoteAccounts", GetVoteAccounts),
        new("getInflationGovernor", GetInflationGovernor),
        new("getInflationRate", GetInflationRate),
        new("getInflationReward", GetInflationReward),
        new("getStakeMinimumDelegation", GetStakeMinimumDelegation),
    ];

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

    private static void GetInflationGovernor(RpcParameters parameters, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (string name in (string[])["foundation", "foundationTerm", "initial", "taper", "terminal"]) WriteNothing(writer, name);
        writer.WriteEndObject();
    }

    private void GetInflationRate(RpcParameters parameters, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("epoch", bank.Clock.Slot / ClusterMethods.SlotsPerEpoch);
        foreach (string name in (string[])["foundation", "total", "validator"]) WriteNothing(writer, name);
        writer.WriteEndObject();
    }

    /// <summary>A fraction that is zero, with its point: some readers tell fractions from whole numbers by it.</summary>
    private static void WriteNothing(Utf8JsonWriter writer, string name)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue("0.0"u8);
    }

    /// <summary>For every address asked for null: none was rewarded.</summary>
    private void GetInflationReward(RpcParameters parameters, Utf8JsonWriter writer)
    {
        IReadOnlyList<string> addresses = parameters.Count > 0 ? parameters.Texts(0) : [];
        foreach (string address in addresses) RpcParameters.ParseKey(address);
        RpcOptions options = parameters.Options(1);
        ulong slot = bank.Clock.Slot;
        MinContextSlot.Check(options, slot);
        // Rewards are paid in the first block after their epoch.
        if (options.Number("epoch") is { } epoch && epoch >= slot / ClusterMethods.SlotsPerEpoch)
            throw RpcError.NoBlock(epoch < ulong.MaxValue / ClusterMethods.SlotsPerEpoch ? (epoch + 1) * ClusterMethods.SlotsPerEpoch : ulong.MaxValue);
        writer.WriteStartArray();
        foreach (string _ in addresses) writer.WriteNullValue();
        writer.WriteEndArray();
    }

    private void GetStakeMinimumDelegation(RpcParameters parameters, Utf8JsonWriter writer)
    {
        writer.BeginContext(bank.Clock.Slot);
        writer.WriteNumberValue(MinimumDelegation);
        writer.WriteEndObject();
    }
}
