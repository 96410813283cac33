namespace Nosana.LocalNet.Faults;

/// <summary>
/// Faults on request. Every member may be changed at any time from any thread; nothing is faulty at first.
/// Counted faults strike the next so many requests and are then over.
/// </summary>
public sealed class LocalNetFaults
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _hidden = [];
    private int _tooManyRequests, _lostTransactions, _lostConfirmations;

    /// <summary>Of the node at the network's address.</summary>
    public NodeFaults Node { get; } = new();

    /// <summary>Of the second node (<see cref="LocalNetServer.ReplicaUri"/>).</summary>
    public NodeFaults Replica { get; } = new();

    /// <summary>Raised by <see cref="CloseSockets"/>.</summary>
    internal event Action? SocketsClosed;

    /// <summary>WebSocket notifications are not sent; subscribing still succeeds.</summary>
    public bool DropNotifications { get; set; }

    /// <summary>Every WebSocket notification is sent twice.</summary>
    public bool DuplicateNotifications { get; set; }

    /// <summary>Upgrades to WebSocket are refused with 503.</summary>
    public bool RefuseSockets { get; set; }

    /// <summary>Every answer over HTTP waits this long first.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The node says it is behind its cluster (-32005) to getHealth and to every transaction with preflight.</summary>
    public bool NodeBehind { get; set; }

    /// <summary>getProgramAccounts is refused, as public endpoints do.</summary>
    public bool ProgramAccountsDisabled { get; set; }

    /// <summary>Every RPC request over HTTP is answered 503 without a body.</summary>
    public bool RpcDown { get; set; }

    /// <summary>The gateway answers 503.</summary>
    public bool GatewayDown { get; set; }

    /// <summary>The gateway answers other bytes than those of the CID.</summary>
    public bool GatewayWrongBytes { get; set; }

    /// <summary>The pinning service answers 503.</summary>
    public bool PinningDown { get; set; }

    /// <summary>The pinning service answers 401, whatever the credential.</summary>
    public bool PinningUnauthorized { get; set; }

    /// <summary>The pinning service answers 413 to what has more bytes; null for its own limit.</summary>
    public long? PinningMaxBytes { get; set; }

    /// <summary>The host manager answers this status and nothing else; null for its real answers.</summary>
    public int? HostManagerStatus { get; set; }

    /// <summary>The host manager answers 200 and this text, whatever it is asked: an error object, or nonsense; null for its real answers.</summary>
    public string? HostManagerAnswer { get; set; }

    /// <summary>The host manager takes requests and never answers.</summary>
    public bool HostManagerSilent { get; set; }

    /// <summary>The next <paramref name="count"/> RPC requests over HTTP are answered 429.</summary>
    public void RejectNextRequests(int count)
    {
        lock (_lock) _tooManyRequests = count;
    }

    /// <summary>The next <paramref name="count"/> transactions are answered with their signature and never reach the chain.</summary>
    public void LoseNextTransactions(int count)
    {
        lock (_lock) _lostTransactions = count;
    }

    /// <summary>
    /// The next <paramref name="count"/> transactions take effect, but no status, lookup or notification tells of them until <see cref="RevealAll"/>.
    /// </summary>
    public void LoseNextConfirmations(int count)
    {
        lock (_lock) _lostConfirmations = count;
    }

    /// <summary>Lost confirmations can be seen again.</summary>
    public void RevealAll()
    {
        lock (_lock) _hidden.Clear();
    }

    /// <summary>Closes every open WebSocket at once, without a closing handshake.</summary>
    public void CloseSockets() => SocketsClosed?.Invoke();

    internal bool TakeTooManyRequests() => Take(ref _tooManyRequests);

    internal bool TakeLostTransaction() => Take(ref _lostTransactions);

    internal bool TakeLostConfirmation() => Take(ref _lostConfirmations);

    /// <summary>No status, lookup or notification tells of this transaction until <see cref="RevealAll"/>, as where a node has forgotten it.</summary>
    public void Hide(string signature)
    {
        lock (_lock) _hidden.Add(signature);
    }

    internal void Reveal(string signature)
    {
        lock (_lock) _hidden.Remove(signature);
    }

    internal bool IsHidden(string signature)
    {
        lock (_lock) return _hidden.Contains(signature);
    }

    private bool Take(ref int counter)
    {
        lock (_lock)
        {
            if (counter <= 0) return false;
            counter--;
            return true;
        }
    }
}
