using System.Net;
using System.Net.Sockets;

namespace Nosana.EndToEnd.Tests.Faults;

/// <summary>A port on loopback that leads to another and stops at a number of bytes brought back, until it is opened: what comes through it is then in its middle for as long as a test likes.</summary>
internal sealed class Barrier : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _tasks = [];
    private readonly int _target;
    private readonly long _limit;
    private long _brought;

    public Barrier(int target, long limit)
    {
        (_target, _limit) = (target, limit);
        _listener.Start();
        _tasks.Add(AcceptAsync());
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Completes when it holds something back.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Completes when somebody came while nobody listened at the other end.</summary>
    public Task Refused => _refused.Task;

    public void Open() => _open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Task[] tasks;
        lock (_tasks) tasks = [.. _tasks];
        foreach (Task task in tasks) await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
            lock (_tasks) _tasks.Add(ServeAsync(client));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            }
            catch (SocketException)
            {
                _refused.TrySetResult();
                return;
            }
            NetworkStream near = client.GetStream(), far = server.GetStream();
            // Whichever side ends first ends the other.
            await Task.WhenAny(near.CopyToAsync(far, _end.Token), BringAsync(far, near));
        }
    }

    private async Task BringAsync(NetworkStream from, NetworkStream to)
    {
        byte[] buffer = new byte[16 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, _end.Token)) > 0)
        {
            if (Interlocked.Add(ref _brought, read) > _limit)
            {
                _reached.TrySetResult();
                await _open.Task.WaitAsync(_end.Token);
            }
            await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }
}
