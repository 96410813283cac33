using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Nosana.Node.Exposure;

/// <summary>
/// A line for each request in a file of the operator's choice, in the combined format of web servers with the host name and the milliseconds after it.
/// The file is opened for each batch of lines, so that it may be moved or removed at any time. Requests never wait for it: what a disk does not take is
/// counted and left out.
/// </summary>
internal sealed partial class AccessLog(IOptions<ExposureOptions> options, TimeProvider time, ILogger<AccessLog> logger) : IAsyncDisposable
{
    /// <summary>Lines that may wait for the disk.</summary>
    private const int MostWaiting = 16_384;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Lock _lock = new();
    private Task? _writing;
    private long _missed;

    public bool IsOn { get; } = options.Value.AccessLog is not null;

    /// <summary>Notes a request that has been answered.</summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="target">As it was written.</param>
    /// <param name="began">Timestamp of its beginning.</param>
    public void Write(HttpContext context, string target, long began)
    {
        if (_writing is null)
            lock (_lock) _writing ??= Task.Run(WriteAllAsync);
        HttpRequest request = context.Request;
        IHeaderDictionary headers = request.Headers;
        string length = context.Response.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? "-";
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{context.Connection.RemoteIpAddress} - - [{time.GetUtcNow():dd/MMM/yyyy:HH:mm:ss} +0000] "
            + $"\"{Safe(request.Method)} {Safe(target)} {request.Protocol}\" {context.Response.StatusCode} {length} "
            + $"\"{Safe(headers[HeaderNames.Referer])}\" \"{Safe(headers.UserAgent)}\" {Safe(request.Host.Value)} "
            + $"{time.GetElapsedTime(began).TotalMilliseconds:0}");
        if (!_lines.Writer.TryWrite(line)) Interlocked.Increment(ref _missed);
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        if (_writing is { } writing) await writing.ConfigureAwait(false);
    }

    // Quotes and whatever is not printable ASCII as \xHH, so that a line is a line whoever wrote its parts.
    private static string Safe(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "-";
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.AsSpan().ContainsAny('"', '\\')) return text;
        var safe = new StringBuilder(text.Length + 16);
        foreach (char character in text)
        {
            if (character is >= ' ' and <= '~' and not '"' and not '\\') safe.Append(character);
            else safe.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:X2}");
        }
        return safe.ToString();
    }

    private async Task WriteAllAsync()
    {
        string file = options.Value.AccessLog!;
        bool isBroken = false;
        while (await _lines.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var batch = new StringBuilder();
            while (batch.Length < 1 << 20 && _lines.Reader.TryRead(out string? line)) batch.Append(line).Append('\n');
            try
            {
                var stream = new FileStream(file, new FileStreamOptions
                {
                    Mode = FileMode.Append,
                    Access = FileAccess.Write,
                    Share = FileShare.ReadWrite | FileShare.Delete,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
                await using (stream.ConfigureAwait(false))
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(batch.ToString())).ConfigureAwait(false);
                if (Interlocked.Exchange(ref _missed, 0) is var missed and > 0) LogMissed(missed);
                isBroken = false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Clients are served all the same; it is said once until it works again.
                if (!isBroken) LogBroken(file, e.Message);
                isBroken = true;
            }
        }
    }

    [LoggerMessage(5050, LogLevel.Warning, "The access log left out {Missed} requests: the disk was slower than they came.")]
    private partial void LogMissed(long missed);

    [LoggerMessage(5051, LogLevel.Warning, "The access log {File} cannot be written: {Problem}")]
    private partial void LogBroken(string file, string problem);
}
