using System.IO.Pipelines;
using System.Net;
using Nosana.Node.Engine.Images;
using Nosana.Node.Retries;
using Polly;

namespace Nosana.Node.Engine.Registry;

/// <summary>
/// Carries one layer from its registry to a stream, a buffer at a time. What breaks off or falls silent is gone on with where it stopped; more
/// than was announced is refused. Whether it is what its digest says the engine finds out, which pulls by digest: to hash it here, too, would cost
/// every pull a twentieth of its time.
/// </summary>
internal sealed class LayerTransfer(RegistrySession session, ImagePart layer, RegistryOptions options)
{
    /// <summary>Read at once: few calls for each megabyte, and little memory for many layers.</summary>
    private const int BufferBytes = 256 * 1024;

    private ImageReference Image => session.Image;

    /// <param name="from">First byte.</param>
    /// <param name="to">Where it goes, without a copy between: what comes is read into its memory.</param>
    /// <param name="moved">Told of bytes that were handed on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">The registry's fault; others are the stream's.</exception>
    public async Task CopyAsync(long from, PipeWriter to, Action<int> moved, CancellationToken cancellationToken)
    {
        long done = from;
        ResiliencePipeline resume = RetryPipelines.Create(
            options.Resume, session.Http.Time, static e => e is EngineException { Fault: EngineFault.RegistryUnavailable }, progress: () => done);
        while (done < layer.Size) await resume.ExecuteAsync(GoOnAsync, cancellationToken);

        async ValueTask GoOnAsync(CancellationToken cancel)
        {
            using HttpResponseMessage response = await session.OpenAsync($"blobs/{layer.Digest}", [], done, cancel);
            await using var content = new SilenceLimitedStream(session, await response.Content.ReadAsStreamAsync(cancel), cancel);
            if (done > 0) await SkipAsync(response, content, done);
            while (done < layer.Size)
            {
                Memory<byte> buffer = to.GetMemory(BufferBytes);
                int count = await content.ReadAsync(buffer);
                if (count == 0) break;
                if (done + count > layer.Size) throw RegistryFault.Refused(Image, "a layer is longer than its manifest says");
                to.Advance(count);
                done += count;
                moved(count);
                if ((await to.FlushAsync(cancel)).IsCompleted) throw new OperationCanceledException("The engine has gone away.");
            }
            if (done < layer.Size) throw RegistryFault.Unavailable(Image, session.Host, "broke off in the middle of a layer");
        }
    }

    /// <summary>A registry may not know ranges: then what is here already comes once more, and is thrown away.</summary>
    private async Task SkipAsync(HttpResponseMessage response, SilenceLimitedStream content, long bytes)
    {
        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            if (response.Content.Headers.ContentRange?.From != bytes)
                throw RegistryFault.Refused(Image, $"{session.Host} sends another part than it was asked for");
            return;
        }
        byte[] buffer = new byte[BufferBytes];
        for (long left = bytes; left > 0;)
        {
            int count = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)));
            if (count == 0) throw RegistryFault.Unavailable(Image, session.Host, "broke off in the middle of a layer");
            left -= count;
        }
    }
}
