using System.Text.Json;

namespace Nosana.Solana.Rpc.Streaming;

/// <summary>A subscription as its connection sees it. It outlives connections.</summary>
internal abstract class Subscription(string method, string unsubscribeMethod, Action<Utf8JsonWriter> writeParams)
{
    private bool _established;

    public string Method { get; } = method;

    public string UnsubscribeMethod { get; } = unsubscribeMethod;

    public Action<Utf8JsonWriter> WriteParams { get; } = writeParams;

    /// <summary>The node ends it with its first notification.</summary>
    public bool IsOneShot { get; init; }

    /// <summary>Nodes that will not serve it, of which each is asked once.</summary>
    public int Refusals { get; set; }

    /// <summary>The node has accepted it, for the first time or again.</summary>
    public void Established()
    {
        Signal(_established ? StreamEventKind.Reconnected : StreamEventKind.Subscribed);
        _established = true;
    }

    /// <exception cref="JsonException">The notification is not what the subscription brings.</exception>
    public abstract void Deliver(JsonElement result);

    public abstract void Complete(Exception? exception = null);

    protected abstract void Signal(StreamEventKind kind);
}
