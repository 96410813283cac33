using System.Globalization;
using System.Text;
using Docker.DotNet.Models;

namespace Nosana.Docker.Tests;

/// <summary>The connection on which a container's output comes.</summary>
public sealed class ContainerOutputTests
{
    private static readonly ContainerLogsParameters Everything = new() { ShowStdout = true, ShowStderr = true, Follow = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadFrameAsync_LinesThatAreSentSingly_ComeAllAndInOrder()
    {
        const int Lines = 20_000;
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            for (int line = 0; line < Lines; line++)
            {
                await context.Response.Body.WriteAsync(FrameBytes.Of(1 + (line % 2), Line(line)));
                await context.Response.Body.FlushAsync();
            }
        });
        using EngineClient client = engine.CreateClient();
        await using MultiplexedStream output = await client.OpenOutputAsync("a", Everything, Token);

        for (int line = 0; line < Lines; line++)
        {
            LogFrame frame = await output.ReadFrameAsync(Token);
            Assert.Equal((1 + (line % 2), Line(line)), ((int)frame.Target, Encoding.UTF8.GetString(frame.Data.Span)));
        }
        Assert.True((await output.ReadFrameAsync(Token)).IsEndOfStream);

        static string Line(int line) => line.ToString(CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task ReadFrameAsync_ReaderThatDoesNotRead_HoldsTheEngineUpAndLetsGoWhenItLeaves()
    {
        const int Piece = 32 * 1024, Most = 64 << 20;
        long sent = 0;
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            context.RequestAborted.Register(closed.SetResult);
            byte[] frame = FrameBytes.Of(1, new string('x', Piece));
            while (!context.RequestAborted.IsCancellationRequested && Interlocked.Read(ref sent) < Most)
            {
                await context.Response.Body.WriteAsync(frame, context.RequestAborted);
                Interlocked.Add(ref sent, Piece);
            }
        });
        using EngineClient client = engine.CreateClient();
        MultiplexedStream output = await client.OpenOutputAsync("a", Everything, Token);
        Assert.Equal(Piece, (await output.ReadFrameAsync(Token)).Data.Length);

        long before;
        do
        {
            before = Interlocked.Read(ref sent);
            await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
        }
        while (Interlocked.Read(ref sent) > before);
        Assert.InRange(before, Piece, 4 << 20);

        await output.DisposeAsync();
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task ReadFrameAsync_ConnectionThatBreaks_IsAStreamExceptionAfterWhatCame()
    {
        var read = new TaskCompletionSource();
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            await context.Response.Body.WriteAsync(FrameBytes.Of(1, "first"));
            await context.Response.Body.FlushAsync();
            await read.Task;
            context.Abort();
        });
        using EngineClient client = engine.CreateClient();
        await using MultiplexedStream output = await client.OpenOutputAsync("a", Everything, Token);

        Assert.Equal("first"u8.ToArray(), (await output.ReadFrameAsync(Token)).Data.ToArray());
        read.SetResult();
        await Assert.ThrowsAsync<DockerStreamException>(async () => await output.ReadFrameAsync(Token));
    }

    [Fact]
    public async Task OpenOutputAsync_NoEngine_SaysWhatToDo()
    {
        using var client = new EngineClient(new Uri("unix:///nosuch/engine.sock"), TimeSpan.FromSeconds(1), requestedApiVersion: new System.Version(1, 41));

        DockerUnavailableException e = await Assert.ThrowsAsync<DockerUnavailableException>(
            () => client.OpenOutputAsync("a", Everything, Token));

        Assert.Contains("is not there", e.Message, StringComparison.Ordinal);
    }
}
