using System.Text;

namespace Nosana.Docker.Tests;

/// <summary>Reads a container's output to its end, which the agent never does in memory.</summary>
internal static class OutputReading
{
    /// <summary>Copies everything to the streams that are not null, until the end.</summary>
    public static async Task CopyOutputToAsync(this MultiplexedStream output, Stream? stdin, Stream? stdout, Stream? stderr, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            LogFrame frame = await output.ReadFrameAsync(cancellationToken);
            if (frame.IsEndOfStream) return;
            Stream? destination = frame.Target switch
            {
                MultiplexedStream.TargetStream.StandardIn => stdin,
                MultiplexedStream.TargetStream.StandardError => stderr,
                _ => stdout,
            };
            if (destination is not null) await destination.WriteAsync(frame.Data, cancellationToken);
        }
    }

    /// <summary>Everything as UTF-8 text. For output that is known to be small.</summary>
    public static async Task<(string stdout, string stderr)> ReadOutputToEndAsync(this MultiplexedStream output, CancellationToken cancellationToken = default)
    {
        using var stdout = new MemoryStream();
        using var stderr = new MemoryStream();
        await output.CopyOutputToAsync(null, stdout, stderr, cancellationToken);
        return (Text(stdout), Text(stderr));

        static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
