using System.Diagnostics.CodeAnalysis;

namespace Nosana.Solana.Rpc.Streaming;

/// <summary>One item of a subscription.</summary>
/// <param name="Value">Set when <paramref name="Kind"/> is <see cref="StreamEventKind.Notification"/>.</param>
/// <param name="Slot">The slot of the value; 0 for the other kinds.</param>
public readonly record struct StreamEvent<T>(StreamEventKind Kind, T? Value, ulong Slot)
    where T : class
{
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsNotification => Kind == StreamEventKind.Notification;

    /// <summary>Whether the reader must read the state anew before it relies on notifications.</summary>
    public bool NeedsSnapshot => Kind != StreamEventKind.Notification;
}
