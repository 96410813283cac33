using System.Net;
using System.Net.Sockets;

namespace Nosana.Node.Ssh.Server;

/// <summary>An address at which clients of the SSH server come. Disposing it closes the address; who is in stays in.</summary>
internal sealed class SshListener : IAsyncDisposable
{
    private const int Waiting = 128;

    private readonly Socket _socket;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _accepting;
    private bool _isClosed;

    private SshListener(Socket socket, Func<Stream, Task<SshArrival?>> find, SshServer server)
    {
        _socket = socket;
        Address = (IPEndPoint)socket.LocalEndPoint!;
        _accepting = AcceptAsync(find, server);
    }

    public IPEndPoint Address { get; }

    /// <exception cref="SocketException">The address is taken, or not this machine's.</exception>
    internal static SshListener Start(IPEndPoint endPoint, Func<Stream, Task<SshArrival?>> find, SshServer server)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(Waiting);
            return new SshListener(socket, find, server);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, true)) return;
        await _over.CancelAsync();
        _socket.Dispose();
        await _accepting;
        _over.Dispose();
    }

    private async Task AcceptAsync(Func<Stream, Task<SshArrival?>> find, SshServer server)
    {
        while (true)
        {
            try
            {
                Socket client = await _socket.AcceptAsync(_over.Token);
                client.NoDelay = true;
                server.Serve(new NetworkStream(client, ownsSocket: true), find);
            }
            catch (SocketException) when (!_over.IsCancellationRequested)
            {
                // a client that was gone before it was taken
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
