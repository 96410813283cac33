using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Nosana.Docker.Transport;

/// <summary>
/// A unix socket that a thread of its own reads, for a container's output. The engine writes every line by itself, and an event loop is woken
/// for each: that costs many times what the line does, here and in the engine. This thread is not woken but sleeps for a moment while bytes come
/// densely, and then takes all that have come at once.
/// </summary>
internal sealed class GatheringStream : Stream
{
    private const int BufferLength = 64 * 1024;

    /// <summary>Bytes that wait for the reader before the engine has to.</summary>
    private const int HeldBytes = 4 * BufferLength;

    private const int StackBytes = 256 * 1024;

    /// <summary>For this long bytes gather; a socket has room for several times what the engine writes within it.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(1);

    /// <summary>Bytes that come within this time of the ones before come densely.</summary>
    private static readonly TimeSpan Dense = TimeSpan.FromMilliseconds(2);

    // Without any asynchronous call on it: after the first one a socket belongs to the event loop.
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: HeldBytes, resumeWriterThreshold: HeldBytes / 2, minimumSegmentSize: BufferLength, useSynchronizationContext: false));
    private readonly Stream _received;

    private GatheringStream(TimeSpan limit)
    {
        _socket.SendTimeout = (int)limit.TotalMilliseconds; // of connecting, too
        _received = _pipe.Reader.AsStream();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <param name="path">The socket's.</param>
    /// <param name="limit">How long connecting, and sending, may take.</param>
    /// <param name="cancellationToken">Ends the waiting for the connection.</param>
    public static async ValueTask<Stream> ConnectAsync(string path, TimeSpan limit, CancellationToken cancellationToken)
    {
        var stream = new GatheringStream(limit);
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            new Thread(() => stream.Run(path, connected), StackBytes) { IsBackground = true, Name = "Container output" }.Start();
            await connected.Task.WaitAsync(cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _received.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _received.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => _received.Read(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Send(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Send(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count) => Send(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // The thread waits for one of these two.
        _socket.Dispose();
        _pipe.Writer.CancelPendingFlush();
        base.Dispose(disposing);
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _socket.Send(bytes);
        }
        catch (SocketException exception)
        {
            throw new IOException($"The request could not be sent: {exception.Message}", exception);
        }
    }

    private void Run(string path, TaskCompletionSource connected)
    {
        try
        {
            _socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (Exception exception)
        {
            connected.SetException(exception); // whatever it is, on this thread nobody else would take it
            return;
        }
        connected.SetResult();
        Exception? problem = null;
        try
        {
            Receive();
        }
        catch (Exception exception)
        {
            problem = new IOException($"The connection broke: {exception.Message}", exception);
        }
        _pipe.Writer.Complete(problem);
    }

    private void Receive()
    {
        long before = 0;
        while (true)
        {
            Memory<byte> free = _pipe.Writer.GetMemory(BufferLength);
            int received = _socket.Receive(free.Span);
            if (received == 0) return;
            _pipe.Writer.Advance(received);
            ValueTask<FlushResult> flushing = _pipe.Writer.FlushAsync();
            FlushResult flushed = flushing.IsCompleted ? flushing.Result : flushing.AsTask().GetAwaiter().GetResult();
            if (flushed.IsCanceled) return;

            long now = Stopwatch.GetTimestamp();
            if (received < free.Length && Stopwatch.GetElapsedTime(before, now) < Dense) Thread.Sleep(Gathering);
            before = now;
        }
    }
}
