using System.Net.Sockets;
using System.Text;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>The socket on which a service manager listens to its service (sd_notify(3)).</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nosana-notify-").FullName;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly byte[] _buffer = new byte[8192];
    private readonly List<string> _told = [];

    public NotifySocket()
    {
        Path = System.IO.Path.Combine(_directory, "notify");
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
    }

    public string Path { get; }

    /// <summary>Waits until the service has said what begins so, once more since the last call that waited for the same.</summary>
    public async Task ToldAsync(string beginning)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(NodeProcess.Deadline);
        try
        {
            int found;
            while ((found = _told.FindIndex(text => text.StartsWith(beginning, StringComparison.Ordinal))) < 0)
                _told.Add(Encoding.UTF8.GetString(_buffer, 0, await _socket.ReceiveAsync(_buffer, limit.Token)));
            _told.RemoveAt(found);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The service did not say '{beginning}'. What it said and nobody waited for:\n{string.Join('\n', _told)}");
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
