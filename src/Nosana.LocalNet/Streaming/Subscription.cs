using System.Text.Json;
using Nosana.LocalNet.Rpc;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Streaming;

internal enum SubscriptionKind
{
    Account,
    Program,
    Signature,
    Slot,
    Root,
}

/// <summary>What one client wants to hear of.</summary>
internal sealed record Subscription(ulong Id, SubscriptionKind Kind, SocketConnection Connection)
{
    /// <summary>The account, or the program.</summary>
    public PublicKey Key { get; init; }

    public string Signature { get; init; } = "";

    public IReadOnlyList<AccountFilter> Filters { get; init; } = [];

    public AccountEncoding? Encoding { get; init; }

    /// <summary>The notification method's name.</summary>
    public string Notification => Kind switch
    {
        SubscriptionKind.Account => "accountNotification",
        SubscriptionKind.Program => "programNotification",
        SubscriptionKind.Signature => "signatureNotification",
        SubscriptionKind.Slot => "slotNotification",
        _ => "rootNotification",
    };

    /// <summary>A whole notification, with the <c>result</c> that <paramref name="writeResult"/> writes.</summary>
    public byte[] Render(Action<Utf8JsonWriter> writeResult)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            writer.WriteString("method", Notification);
            writer.WriteStartObject("params");
            writer.WritePropertyName("result");
            writeResult(writer);
            writer.WriteNumber("subscription", Id);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
