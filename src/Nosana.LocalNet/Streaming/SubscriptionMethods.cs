using System.Text.Json;
using Nosana.LocalNet.Rpc;

namespace Nosana.LocalNet.Streaming;

/// <summary>The calls that a WebSocket understands: subscribing, unsubscribing and the old client's ping.</summary>
internal sealed class SubscriptionMethods(SocketConnection connection, SubscriptionHub hub)
{
    public IEnumerable<KeyValuePair<string, RpcMethod>> Methods =>
    [
        new("accountSubscribe", SubscribeAccount),
        new("programSubscribe", SubscribeProgram),
        new("signatureSubscribe", SubscribeSignature),
        new("slotSubscribe", (_, writer) => writer.WriteNumberValue(hub.Add(SubscriptionKind.Slot, connection, subscription => subscription))),
        new("rootSubscribe", (_, writer) => writer.WriteNumberValue(hub.Add(SubscriptionKind.Root, connection, subscription => subscription))),
        new("accountUnsubscribe", Unsubscribe),
        new("programUnsubscribe", Unsubscribe),
        new("signatureUnsubscribe", Unsubscribe),
        new("slotUnsubscribe", Unsubscribe),
        new("rootUnsubscribe", Unsubscribe),
        new("ping", (_, writer) => writer.WriteNullValue()),
    ];

    private void SubscribeAccount(RpcParameters parameters, Utf8JsonWriter writer)
    {
        var key = parameters.Key(0);
        AccountEncoding encoding = AccountEncoding.Read(parameters.Options(1));
        writer.WriteNumberValue(hub.Add(SubscriptionKind.Account, connection, subscription => subscription with { Key = key, Encoding = encoding }));
    }

    private void SubscribeProgram(RpcParameters parameters, Utf8JsonWriter writer)
    {
        var key = parameters.Key(0);
        RpcOptions options = parameters.Options(1);
        AccountEncoding encoding = AccountEncoding.Read(options);
        var filters = FilterParser.Read(options);
        writer.WriteNumberValue(
            hub.Add(SubscriptionKind.Program, connection, subscription => subscription with { Key = key, Filters = filters, Encoding = encoding }));
    }

    private void SubscribeSignature(RpcParameters parameters, Utf8JsonWriter writer)
    {
        string signature = parameters.Text(0);
        ulong id = hub.Add(SubscriptionKind.Signature, connection, subscription => subscription with { Signature = signature });
        writer.WriteNumberValue(id);
        connection.CatchUpAfterAnswer(id);
    }

    private void Unsubscribe(RpcParameters parameters, Utf8JsonWriter writer)
    {
        if (!hub.Remove(parameters.Number(0), connection)) throw new RpcError(RpcError.InvalidParameters, "Invalid subscription id.");
        writer.WriteBooleanValue(true);
    }
}
