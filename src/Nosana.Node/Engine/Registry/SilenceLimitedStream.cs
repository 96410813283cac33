namespace Nosana.Node.Engine.Registry;

/// <summary>What a registry sends, with a limit on how long it sends nothing.</summary>
internal sealed class SilenceLimitedStream : IAsyncDisposable
{
    private readonly RegistrySession _session;
    private readonly Stream _content;
    private readonly CancellationToken _cancelled;
    private readonly CancellationTokenSource _silent;
    private readonly CancellationTokenSource _either;

    public SilenceLimitedStream(RegistrySession session, Stream content, CancellationToken cancellationToken)
    {
        (_session, _content, _cancelled) = (session, content, cancellationToken);
        _silent = new CancellationTokenSource(Timeout.InfiniteTimeSpan, session.Http.Time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _silent.Token);
    }

    /// <exception cref="EngineException">It broke off, or fell silent.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        _silent.CancelAfter(_session.Http.Silence);
        try
        {
            return await _content.ReadAsync(buffer, _either.Token);
        }
        catch (OperationCanceledException exception) when (!_cancelled.IsCancellationRequested)
        {
            throw RegistryFault.Unavailable(_session.Image, _session.Host, $"has sent nothing for {_session.Http.Silence}", exception);
        }
        catch (Exception exception) when (RegistryFault.Of(_session.Image, _session.Host, exception) is { } fault)
        {
            throw fault;
        }
        finally
        {
            _silent.CancelAfter(Timeout.InfiniteTimeSpan); // how long the reader takes is not the registry's matter
        }
    }

    public async ValueTask DisposeAsync()
    {
        _either.Dispose();
        _silent.Dispose();
        await _content.DisposeAsync();
    }
}
