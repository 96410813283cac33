using System.Security.Cryptography;

namespace Nosana.Node.Engine.Registry;

/// <summary>One image that the engine fetches from this agent, under a name that nobody can guess and that is gone with the pull.</summary>
internal sealed class OngoingPull : IDisposable
{
    private const int SecretBytes = 20;

    private readonly Action<OngoingPull> _close;
    private readonly CancellationTokenSource _failed = new();
    private readonly Lock _lock = new();
    private long _wanted;
    private int _isAsked;

    /// <param name="image">What is pulled.</param>
    /// <param name="close">Called when the pull is over.</param>
    public OngoingPull(RemoteImage image, Action<OngoingPull> close)
    {
        (Image, _close) = (image, close);
        Name = $"nosana-pull/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes))}";
    }

    public RemoteImage Image { get; }

    /// <summary>Of the repository, at the endpoint.</summary>
    public string Name { get; }

    /// <summary>Cancelled when the registry has failed for good.</summary>
    public CancellationToken Failed => _failed.Token;

    /// <summary>Why it cannot go on; null while it can.</summary>
    public EngineException? Fault { get; private set; }

    /// <summary>Told of a layer and how many bytes of it have been handed on, one call at a time and none after the pull.</summary>
    public Action<ImagePart, long>? Moved { get; set; }

    /// <summary>Whether the engine has come for it.</summary>
    public bool IsAsked => Volatile.Read(ref _isAsked) == 1;

    public void MarkAsked() => Volatile.Write(ref _isAsked, 1);

    /// <summary>Counts a layer that the engine wants and does not have.</summary>
    /// <returns>Bytes of all that are wanted and have not come yet, with this one.</returns>
    public long Want(ImagePart layer) => Interlocked.Add(ref _wanted, layer.Size);

    /// <summary>Counts bytes of a layer that were handed on.</summary>
    public void Move(ImagePart layer, long bytes, long inAll)
    {
        Interlocked.Add(ref _wanted, -bytes);
        if (Moved is null) return;
        lock (_lock) Moved?.Invoke(layer, inAll);
    }

    /// <summary>Counts bytes that will not come.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _wanted, -bytes);

    /// <summary>The first fault wins.</summary>
    public void Fail(EngineException fault)
    {
        lock (_lock)
        {
            if (Fault is not null) return;
            Fault = fault;
        }
        try
        {
            _failed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The pull is over.
        }
    }

    public void Dispose()
    {
        lock (_lock) Moved = null;
        _close(this);
        _failed.Dispose();
    }
}
