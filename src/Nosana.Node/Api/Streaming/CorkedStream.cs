using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace Nosana.Node.Api.Streaming;

/// <summary>
/// A connection whose small writes go out together: a WebSocket hands each message to the system on its own, which for thousands of lines a second is most of
/// the work. What is read goes through.
/// </summary>
internal sealed class CorkedStream(Stream inner) : Stream
{
    private const int Most = 32 << 10;

    // A ping comes between two messages, and from another thread.
    private readonly SemaphoreSlim _writing = new(1, 1);
    private byte[]? _held;
    private int _length;
    private volatile bool _corked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Before the middleware of WebSockets: makes a request's upgrade lead to such a stream.</summary>
    public static Task LayAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            http.Features.Set<IHttpUpgradeFeature>(new Upgrade(upgrade, stream => http.Items[typeof(CorkedStream)] = stream));
        return next(http);
    }

    /// <summary>That of a request that was upgraded.</summary>
    public static CorkedStream Of(HttpContext http) => (CorkedStream)http.Items[typeof(CorkedStream)]!;

    public void Cork() => _corked = true;

    public async Task UncorkAsync(CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            _corked = false;
            await SendHeldAsync(cancel);
            await inner.FlushAsync(cancel);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_corked && TryHold(buffer.Span)) return;
            await SendHeldAsync(cancellationToken);
            if (_corked && TryHold(buffer.Span)) return;
            await inner.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _corked ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _writing.Dispose();
        }
        base.Dispose(disposing);
    }

    private bool TryHold(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Most - _length) return false;
        _held ??= ArrayPool<byte>.Shared.Rent(Most);
        bytes.CopyTo(_held.AsSpan(_length));
        _length += bytes.Length;
        return true;
    }

    private async Task SendHeldAsync(CancellationToken cancel)
    {
        if (_held is not { } held) return;
        await inner.WriteAsync(held.AsMemory(0, _length), cancel);
        // Thousands of them are silent most of the time.
        (_held, _length) = (null, 0);
        ArrayPool<byte>.Shared.Return(held);
    }

    private sealed class Upgrade(IHttpUpgradeFeature inner, Action<CorkedStream> laid) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => inner.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync()
        {
            var stream = new CorkedStream(await inner.UpgradeAsync());
            laid(stream);
            return stream;
        }
    }
}
