using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Streaming;

/// <summary>Solana's WebSocket subscriptions. The client connects on the first one, reconnects by itself and renews all of them.</summary>
public interface IStreamingRpcClient : IAsyncDisposable
{
    /// <summary>The WebSocket endpoint, credentials included: do not log it.</summary>
    Uri NodeAddress { get; }

    bool IsConnected { get; }

    /// <summary>Every change of an account. A closed account arrives with 0 lamports, the system program as owner and no data.</summary>
    ISubscription<AccountInfo> SubscribeAccountInfo(PublicKey account, Commitment? commitment = null);

    /// <summary>Every change of a program's accounts that match the filters after it. Closing is not seen through a filter on the data.</summary>
    ISubscription<AccountKeyPair> SubscribeProgram(PublicKey programId, IReadOnlyList<AccountFilter>? filters = null, Commitment? commitment = null);

    /// <summary>One notification when the transaction reaches the commitment; then the subscription ends.</summary>
    ISubscription<SignatureNotification> SubscribeSignature(string signature, Commitment? commitment = null);

    /// <summary>Every slot the node processes.</summary>
    ISubscription<SlotInfo> SubscribeSlotInfo();
}
