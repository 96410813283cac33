using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Nosana.Node.Exposure.Listening;

/// <summary>
/// An endpoint of Kestrel at which nobody arrives from outside: its pipeline is handed connections that another endpoint has accepted. By that one port
/// speaks HTTP/1.1 and HTTP/2 without TLS, which Kestrel itself does on two.
/// </summary>
internal sealed class InnerEndPoint : EndPoint
{
    public override string ToString() => "inner";
}

/// <summary>The transport of an <see cref="InnerEndPoint"/>: a listener that never accepts.</summary>
internal sealed class InnerTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is InnerEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new Listener(endpoint));

    private sealed class Listener(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endpoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => new(_over.Task.WaitAsync(cancellationToken));

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _over.TrySetResult(null);
            return default;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
