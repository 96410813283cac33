using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Nosana.Node.Exposure.Listening;

/// <summary>
/// Looks at a connection's first bytes before a server reads them: who it is for, when a trusted peer says so (<see cref="ProxyHeader"/>), and, where
/// there is no TLS to negotiate it, whether the client speaks HTTP/2 (its preface, RFC 9113, section 3.4). Nothing else is taken from it.
/// </summary>
/// <param name="trusted">Who may say whom he speaks for.</param>
/// <param name="limit">What a client gets to send its first bytes.</param>
/// <param name="time">The limit's clock.</param>
internal sealed class ConnectionStart(TrustedPeers trusted, TimeSpan limit, TimeProvider time)
{
    private static ReadOnlySpan<byte> Http2Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Reads a <see cref="ProxyHeader"/>, if the peer may send one, and goes on.</summary>
    public Func<ConnectionContext, Task> BeforeTls(ConnectionDelegate next) => async connection =>
    {
        if (await TryReadProxyHeaderAsync(connection).ConfigureAwait(false)) await next(connection).ConfigureAwait(false);
    };

    /// <summary>The same, and then one of two.</summary>
    /// <param name="http1">Everything but HTTP/2.</param>
    /// <param name="http2">Connections that begin with its preface.</param>
    public Func<ConnectionContext, Task> Plain(ConnectionDelegate http1, Func<ConnectionDelegate> http2) => async connection =>
    {
        if (!await TryReadProxyHeaderAsync(connection).ConfigureAwait(false)) return;
        bool? isHttp2 = await DecideAsync(connection, static bytes => Http2PrefaceIn(bytes)).ConfigureAwait(false);
        if (isHttp2 is { } decided) await (decided ? http2() : http1)(connection).ConfigureAwait(false);
    };

    private static Decision Http2PrefaceIn(ReadOnlySpan<byte> bytes)
    {
        int common = Math.Min(bytes.Length, Http2Preface.Length);
        if (!bytes[..common].SequenceEqual(Http2Preface[..common])) return new Decision(false, 0);
        return new Decision(common == Http2Preface.Length ? true : null, 0);
    }

    /// <returns>False when the connection is over.</returns>
    private async Task<bool> TryReadProxyHeaderAsync(ConnectionContext connection)
    {
        if (!trusted.Has((connection.RemoteEndPoint as IPEndPoint)?.Address)) return true;
        IPEndPoint? client = null;
        bool? isGood = await DecideAsync(connection, bytes =>
        {
            switch (ProxyHeader.Read(bytes, out int length, out client))
            {
                case ProxyHeaderReading.Incomplete: return default;
                case ProxyHeaderReading.Malformed: return new Decision(false, 0);
                default: return new Decision(true, length);
            }
        }).ConfigureAwait(false);
        if (isGood != true)
        {
            connection.Abort(new ConnectionAbortedException("The PROXY header is malformed."));
            return false;
        }
        if (client is not null) connection.RemoteEndPoint = client;
        return true;
    }

    /// <summary>Reads until the first bytes tell; they stay for whoever reads next, but for those that the decision takes.</summary>
    /// <returns>Null when the connection ended, or took too long, before they did.</returns>
    private async Task<bool?> DecideAsync(ConnectionContext connection, Decider decide)
    {
        PipeReader input = connection.Transport.Input;
        using var late = new CancellationTokenSource(limit, time);
        try
        {
            while (true)
            {
                ReadResult read = await input.ReadAsync(late.Token).ConfigureAwait(false);
                Decision decision = decide(First(read.Buffer));
                if (decision.Answer is { } answer && !(read.Buffer.IsEmpty && read.IsCompleted))
                {
                    SequencePosition at = read.Buffer.GetPosition(decision.Taken);
                    input.AdvanceTo(at, at);
                    return answer;
                }
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (read.IsCompleted) return null;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // Silent, or gone: there is nobody to answer.
            connection.Abort(new ConnectionAbortedException("The client sent nothing in time."));
            return null;
        }
    }

    private static ReadOnlySpan<byte> First(ReadOnlySequence<byte> buffer) => buffer.FirstSpan.Length >= Math.Min(buffer.Length, ProxyHeader.MaxBytes)
        ? buffer.FirstSpan
        : buffer.Slice(0, Math.Min(buffer.Length, ProxyHeader.MaxBytes)).ToArray();

    private delegate Decision Decider(ReadOnlySpan<byte> bytes);

    /// <param name="Answer">Null while more bytes are needed.</param>
    /// <param name="Taken">Bytes that nobody else reads.</param>
    private readonly record struct Decision(bool? Answer, long Taken);
}
