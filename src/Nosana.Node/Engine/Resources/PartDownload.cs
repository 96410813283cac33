using System.Net;

namespace Nosana.Node.Engine.Resources;

/// <summary>Downloads one part, from where an earlier try has left it.</summary>
internal sealed class PartDownload(ResourceHttp http, ResourceOptions options, TimeProvider time)
{
    /// <summary>One try.</summary>
    /// <param name="part">What to fetch.</param>
    /// <param name="received">Called with the bytes of each read; negative when what was there is thrown away.</param>
    /// <param name="cancellationToken">Ends it; what has come stays.</param>
    /// <returns>False when the server sends the whole file where a part was asked for.</returns>
    /// <exception cref="ResourceException">Any; only <see cref="ResourceFault.Unavailable"/> may be tried again.</exception>
    public async Task<bool> TryOnceAsync(FilePart part, Action<long> received, CancellationToken cancellationToken)
    {
        long present = part.Present;
        if (present > 0 && (!part.File.Resumable || present > part.Length))
        {
            File.Delete(part.Path);
            received(-present);
            present = 0;
        }
        if (present == part.Length && (present > 0 || File.Exists(part.Path))) return true;

        RemoteRequest request = part.File.Request!();
        bool ranged = present > 0 || part.IsPartial;
        if (ranged) request = request with { From = part.From + present, To = part.Length is { } length ? part.From + length - 1 : null };
        if (part.File.EntityTag is { } tag) request = request with { IfMatch = tag };
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        if (ranged && response.StatusCode != HttpStatusCode.PartialContent)
        {
            if (part.IsPartial) return false;
            File.Delete(part.Path);
            received(-present);
            present = 0;
            ranged = false;
        }
        CheckAnnounced(part, request, response, ranged ? part.From + present : 0);
        await ReceiveAsync(part, request, response, present, received, cancellationToken);
        return true;
    }

    private async Task ReceiveAsync(FilePart part, RemoteRequest request, HttpResponseMessage response, long present, Action<long> received,
        CancellationToken cancellationToken)
    {
        long limit = part.Length ?? options.MaxBytes;
        using var stalled = new CancellationTokenSource(options.Inactivity, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        byte[] buffer = new byte[256 << 10];
        await using var file = new FileStream(part.Path, FileMode.Append, FileAccess.Write, FileShare.Read, 0, FileOptions.Asynchronous);
        try
        {
            await using Stream content = await response.Content.ReadAsStreamAsync(either.Token);
            while (true)
            {
                int read = await content.ReadAsync(buffer, either.Token);
                if (read == 0) break;
                if (present + read > limit) throw Longer(part, request);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                present += read;
                received(read);
                stalled.CancelAfter(options.Inactivity);
            }
        }
        catch (OperationCanceledException exception) when (stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ResourceException(ResourceFault.Unavailable,
                $"{request.Source}: nothing of {request.Shown} has come for {options.Inactivity}. The source or the way to it is at fault; "
                    + "another try may help.", exception);
        }
        catch (IOException exception) when (IsDiskFull(exception))
        {
            // There was room for what was announced; what was not is as large as the source likes.
            throw part.File.Size is null
                ? new ResourceException(ResourceFault.TooLarge,
                    $"{request.Source}: {request.Shown} has not said how large it is, and filled this host's disk. Name a source that says it.", exception)
                : new ResourceException(ResourceFault.NoSpace,
                    $"{request.Source}: the disk of {options.StagingDirectory} is full. Free space on it.", exception);
        }
        catch (Exception exception) when (exception is not ResourceException && ResourceHttp.Fault(request.Source, request.Shown, exception) is { } fault)
        {
            throw fault;
        }
        if (part.Length is { } whole && present < whole)
            throw new ResourceException(ResourceFault.Unavailable,
                $"{request.Source}: {request.Shown} ended after {part.From + present} of {part.File.Size} bytes. "
                    + "The source or the way to it is at fault; another try may help.");
    }

    private static void CheckAnnounced(FilePart part, RemoteRequest request, HttpResponseMessage response, long from)
    {
        long? total = response.StatusCode == HttpStatusCode.PartialContent
            ? response.Content.Headers.ContentRange?.Length
            : response.Content.Headers.ContentLength;
        if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From != from)
            throw new ResourceException(ResourceFault.Corrupt, $"{request.Source}: {request.Shown} was asked for from byte {from} on and sends another part.");
        if (total is { } now && part.File.Size is { } announced && now != announced)
            throw new ResourceException(ResourceFault.Corrupt,
                $"{request.Source}: {request.Shown} has {now} bytes and was announced with {announced}. Run the job again when the file stays as it is.");
        if (response.Headers.ETag is { IsWeak: false } tag && part.File.EntityTag is { } expected && tag.Tag != expected)
            throw new ResourceException(ResourceFault.Corrupt,
                $"{request.Source}: {request.Shown} was changed while it was fetched. Run the job again when it stays as it is.");
    }

    private ResourceException Longer(FilePart part, RemoteRequest request) => part.File.Size is { } announced
        ? new(ResourceFault.Corrupt, $"{request.Source}: {request.Shown} sends more than the {announced} bytes that were announced. The source is at fault.")
        : new(ResourceFault.TooLarge, $"{request.Source}: {request.Shown} is larger than the {options.MaxBytes} bytes that this host takes of one resource.");

    // ENOSPC and EDQUOT.
    private static bool IsDiskFull(IOException exception) => (exception.HResult & 0xFFFF) is 28 or 122;
}
