using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Nosana.Docker;

namespace Nosana.Node.Tests.Support;

/// <summary>
/// A terminal of a <see cref="FakeEngine"/> with a shell of few words: <c>size</c> says the terminal's size, <c>exit N</c> ends, <c>flood N</c> shows N bytes, <c>deaf</c> reads
/// no more; everything else is shown again.
/// </summary>
internal sealed class FakeTerminal
{
    private const string Number = "42\r\n", Prompt = "$ ";

    /// <summary>Bytes that it takes, each way, before whoever reads has to.</summary>
    public const int Buffer = 64 << 10;

    private readonly Pipe _typed = new(new PipeOptions(pauseWriterThreshold: Buffer, resumeWriterThreshold: Buffer / 2));
    private readonly Pipe _shown = new(new PipeOptions(pauseWriterThreshold: Buffer, resumeWriterThreshold: Buffer / 2));
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeTerminal(string container, TerminalSpec spec) => (Container, Spec) = (container, spec);

    public string Container { get; }

    public TerminalSpec Spec { get; }

    public (int Columns, int Rows) Size { get; set; }

    public int? ExitCode { get; private set; }

    public bool IsRunning { get; private set; }

    /// <summary>Bytes that a flood has got rid of.</summary>
    public long Flooded { get; private set; }

    /// <summary>Bytes that were typed.</summary>
    public long Typed { get; private set; }

    /// <summary>Completes when it has ended, however.</summary>
    public Task Ended => _ended.Task;

    public Stream Start()
    {
        IsRunning = true;
        _ = RunAsync();
        return new TwoWays(_shown.Reader.AsStream(), _typed.Writer.AsStream(), count => Typed += count);
    }

    public void HangUp() => End(129);

    private void End(int code)
    {
        if (!IsRunning) return;
        (IsRunning, ExitCode) = (false, code);
        _shown.Writer.Complete();
        _ended.TrySetResult();
    }

    private async Task RunAsync()
    {
        try
        {
            await ShowAsync(Number + Prompt);
            using var lines = new StreamReader(_typed.Reader.AsStream());
            while (IsRunning && await lines.ReadLineAsync() is { } line)
            {
                string[] words = line.Trim('\r', '\n', ' ').Split(' ');
                if (words[0] == "exit") End(int.Parse(words[1], CultureInfo.InvariantCulture));
                else if (words[0] == "deaf") await _ended.Task;
                else if (words[0] == "flood") await FloodAsync(long.Parse(words[1], CultureInfo.InvariantCulture));
                else await ShowAsync((words[0] == "size" ? $"{Size.Columns}x{Size.Rows}" : line) + "\r\n" + Prompt);
            }
        }
        catch (InvalidOperationException)
        {
            // it was ended while it showed something
        }
    }

    private async Task FloodAsync(long bytes)
    {
        byte[] line = Encoding.ASCII.GetBytes(new string('x', 1022) + "\r\n");
        while (Flooded < bytes && IsRunning)
        {
            if ((await _shown.Writer.WriteAsync(line)).IsCompleted) return;
            Flooded += line.Length;
        }
        await ShowAsync("flooded\r\n" + Prompt);
    }

    private async Task ShowAsync(string text) => await _shown.Writer.WriteAsync(Encoding.ASCII.GetBytes(text));

    private sealed class TwoWays(Stream reads, Stream writes, Action<int> written) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => reads.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reads.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            written(buffer.Length);
            await writes.WriteAsync(buffer, cancellationToken);
            await writes.FlushAsync(cancellationToken);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                reads.Dispose();
                writes.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
