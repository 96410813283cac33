using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Nosana.LocalNet.Faults;
using Nosana.LocalNet.Rpc;

namespace Nosana.LocalNet.Streaming;

/// <summary>Accepts WebSockets and keeps track of the open ones.</summary>
internal sealed class SocketEndpoint : IDisposable
{
    private readonly SubscriptionHub _hub;
    private readonly RpcDispatcher _dispatcher;
    private readonly LocalNetFaults _faults;
    private readonly Lock _lock = new();
    private readonly HashSet<SocketConnection> _open = [];

    public SocketEndpoint(SubscriptionHub hub, RpcDispatcher dispatcher, LocalNetFaults faults)
    {
        _hub = hub;
        _dispatcher = dispatcher;
        _faults = faults;
        _faults.SocketsClosed += CloseAll;
    }

    public async Task ServeAsync(HttpContext context, CancellationToken stopping)
    {
        if (_faults.RefuseSockets)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        using var connection = new SocketConnection(socket, _hub, _dispatcher);
        lock (_lock) _open.Add(connection);
        try
        {
            await connection.RunAsync(stopping);
        }
        finally
        {
            lock (_lock) _open.Remove(connection);
        }
    }

    public void Dispose() => _faults.SocketsClosed -= CloseAll;

    private void CloseAll()
    {
        lock (_lock)
        {
            foreach (SocketConnection connection in _open) connection.Close();
        }
    }
}
