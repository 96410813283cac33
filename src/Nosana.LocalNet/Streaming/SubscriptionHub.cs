using System.Text.Json;
using Nosana.LocalNet.Faults;
using Nosana.LocalNet.Rpc;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Streaming;

/// <summary>Knows every subscription and tells each what it asked for, in the order of the chain.</summary>
internal sealed class SubscriptionHub : IDisposable
{
    private readonly Bank _bank;
    private readonly LocalNetFaults _faults;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, Subscription> _all = [];
    private readonly Dictionary<PublicKey, List<Subscription>> _accounts = [];
    private readonly Dictionary<PublicKey, List<Subscription>> _programs = [];
    private readonly Dictionary<string, List<Subscription>> _signatures = [];
    private readonly ITimer _slots;
    private ulong _lastId;
    private ulong _lastSlot;

    public SubscriptionHub(Bank bank, LocalNetFaults faults, TimeProvider time)
    {
        _bank = bank;
        _faults = faults;
        _lastSlot = bank.Clock.Slot;
        _bank.Changed += OnChanged;
        _slots = time.CreateTimer(_ => OnSlot(), null, SlotClock.SlotLength, SlotClock.SlotLength);
    }

    /// <summary>Subscriptions that are open, for tests that wait for one.</summary>
    public int Count
    {
        get { lock (_lock) return _all.Count; }
    }

    public ulong Add(SubscriptionKind kind, SocketConnection connection, Func<Subscription, Subscription> fill)
    {
        Subscription subscription;
        lock (_lock)
        {
            subscription = fill(new Subscription(++_lastId, kind, connection));
            _all[subscription.Id] = subscription;
            ListOf(subscription)?.Add(subscription);
        }
        return subscription.Id;
    }

    /// <summary>For a signature that landed before it was subscribed to: told at once, after the answer to the subscription.</summary>
    public void CatchUp(ulong id)
    {
        Subscription? subscription;
        lock (_lock) subscription = _all.GetValueOrDefault(id);
        if (subscription?.Kind != SubscriptionKind.Signature || _bank.FindTransaction(subscription.Signature) is not { } landed) return;
        TellSignature(landed);
    }

    public bool Remove(ulong id, SocketConnection connection)
    {
        lock (_lock)
        {
            if (!_all.TryGetValue(id, out Subscription? subscription) || subscription.Connection != connection) return false;
            Forget(subscription);
            return true;
        }
    }

    public void RemoveAll(SocketConnection connection)
    {
        lock (_lock)
        {
            foreach (Subscription subscription in _all.Values.Where(subscription => subscription.Connection == connection).ToList()) Forget(subscription);
        }
    }

    public void Dispose()
    {
        _bank.Changed -= OnChanged;
        _slots.Dispose();
    }

    private void OnChanged(BankChange change)
    {
        foreach ((PublicKey key, AccountState state) in change.Accounts)
        {
            foreach (Subscription subscription in Listening(_accounts, key))
                Tell(subscription, writer => WriteAccount(writer, subscription, change.Slot, state));
            if (state.Lamports == 0) continue;
            foreach (Subscription subscription in Listening(_programs, state.Owner))
            {
                if (subscription.Filters.All(filter => filter.Matches(state.Data.Span)))
                    Tell(subscription, writer => WriteProgram(writer, subscription, change.Slot, key, state));
            }
        }
        if (change.Transaction is { } landed) TellSignature(landed);
    }

    private void TellSignature(LandedTransaction landed)
    {
        // A lost confirmation stays subscribed: the client waits, as it would on a cluster that dropped the message.
        if (_faults.IsHidden(landed.Signature)) return;
        Subscription[] listening;
        lock (_lock)
        {
            listening = [.. _signatures.GetValueOrDefault(landed.Signature) ?? []];
            // Told once, then over: the node unsubscribes by itself.
            foreach (Subscription subscription in listening) Forget(subscription);
        }
        foreach (Subscription subscription in listening)
        {
            Tell(subscription, writer =>
            {
                writer.BeginNotificationContext(landed.Result.Clock.Slot);
                writer.WriteStartObject();
                writer.WritePropertyName("err");
                ErrorJson.Write(writer, landed.Result.Error);
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        }
    }

    private void OnSlot()
    {
        Subscription[] listening;
        lock (_lock) listening = [.. _all.Values.Where(subscription => subscription.Kind is SubscriptionKind.Slot or SubscriptionKind.Root)];
        ulong slot = _bank.Clock.Slot;
        ulong parent = Interlocked.Exchange(ref _lastSlot, slot);
        foreach (Subscription subscription in listening)
        {
            if (subscription.Kind == SubscriptionKind.Root) Tell(subscription, writer => writer.WriteNumberValue(slot));
            else Tell(subscription, writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("parent", parent);
                writer.WriteNumber("root", slot);
                writer.WriteNumber("slot", slot);
                writer.WriteEndObject();
            });
        }
    }

    private void Tell(Subscription subscription, Action<Utf8JsonWriter> writeResult)
    {
        if (_faults.DropNotifications) return;
        byte[] message;
        try
        {
            message = subscription.Render(writeResult);
        }
        catch (RpcError)
        {
            // Only base58 of a large account: the node cannot tell this account in the encoding asked for, and goes on with the others.
            return;
        }
        subscription.Connection.Notify(message);
        if (_faults.DuplicateNotifications) subscription.Connection.Notify(message);
    }

    private void WriteAccount(Utf8JsonWriter writer, Subscription subscription, ulong slot, AccountState state)
    {
        writer.BeginNotificationContext(slot);
        subscription.Encoding!.Write(writer, state, _bank.GetAccount);
        writer.WriteEndObject();
    }

    private void WriteProgram(Utf8JsonWriter writer, Subscription subscription, ulong slot, PublicKey key, AccountState state)
    {
        writer.BeginNotificationContext(slot);
        writer.WriteStartObject();
        writer.WritePropertyName("account");
        subscription.Encoding!.Write(writer, state, _bank.GetAccount);
        writer.WriteString("pubkey", key.Key);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private Subscription[] Listening(Dictionary<PublicKey, List<Subscription>> lists, PublicKey key)
    {
        lock (_lock) return lists.TryGetValue(key, out List<Subscription>? list) ? [.. list] : [];
    }

    private List<Subscription>? ListOf(Subscription subscription) => subscription.Kind switch
    {
        SubscriptionKind.Account => ListIn(_accounts, subscription.Key),
        SubscriptionKind.Program => ListIn(_programs, subscription.Key),
        SubscriptionKind.Signature => ListIn(_signatures, subscription.Signature),
        _ => null,
    };

    private static List<Subscription> ListIn<TKey>(Dictionary<TKey, List<Subscription>> lists, TKey key) where TKey : notnull
    {
        if (lists.TryGetValue(key, out List<Subscription>? list)) return list;
        return lists[key] = [];
    }

    private void Forget(Subscription subscription)
    {
        _all.Remove(subscription.Id);
        switch (subscription.Kind)
        {
            case SubscriptionKind.Account:
                Drop(_accounts, subscription.Key, subscription);
                break;
            case SubscriptionKind.Program:
                Drop(_programs, subscription.Key, subscription);
                break;
            case SubscriptionKind.Signature:
                Drop(_signatures, subscription.Signature, subscription);
                break;
        }
    }

    private static void Drop<TKey>(Dictionary<TKey, List<Subscription>> lists, TKey key, Subscription subscription) where TKey : notnull
    {
        if (!lists.TryGetValue(key, out List<Subscription>? list)) return;
        list.Remove(subscription);
        if (list.Count == 0) lists.Remove(key);
    }
}
