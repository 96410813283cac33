using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace Nosana.LocalNet.Front;

/// <summary>Streams that tunnel clients were asked for, until they bring them.</summary>
internal sealed class FrontStreams
{
    /// <summary>How long a client may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<NetworkStream>> _wanted = new(StringComparer.Ordinal);

    /// <param name="ask">Asks the client for the stream of this id.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="IOException">It brings none.</exception>
    public async Task<NetworkStream> WaitAsync(Func<string, Task> ask, CancellationToken cancel)
    {
        string id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        var wanted = new TaskCompletionSource<NetworkStream>(TaskCreationOptions.RunContinuationsAsynchronously);
        _wanted[id] = wanted;
        try
        {
            await ask(id);
            return await wanted.Task.WaitAsync(Patience, cancel);
        }
        catch (TimeoutException e)
        {
            throw new IOException($"The tunnel brought no stream within {Patience.TotalSeconds:0} s.", e);
        }
        finally
        {
            _wanted.TryRemove(id, out _);
        }
    }

    /// <returns>Whether somebody waits for it; else it is the caller's to close.</returns>
    public bool Bring(string id, NetworkStream stream) => _wanted.TryRemove(id, out TaskCompletionSource<NetworkStream>? wanted) && wanted.TrySetResult(stream);
}
