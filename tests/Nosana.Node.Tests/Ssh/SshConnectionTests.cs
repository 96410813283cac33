using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Ssh.Protocol;
using Nosana.Node.Ssh.Server;
using Nosana.Node.Ssh.Shells;
using Nosana.Node.Tests.Api;
using Nosana.Node.Tests.Logs;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Ssh;

/// <summary>The agent's side of a connection, against an SSH process that does not behave as ours: somebody has broken into it.</summary>
public sealed class SshConnectionTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    private static readonly byte[] s_shell = new SshShellRequest(SshTerminalSize.Of(80, 24), "xterm", "").ToFrame();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[]> Unasked => new()
    {
        { "a shell before a key", s_shell },
        { "what is typed before a shell", SshFrame.Of(SshFrameKind.Input, "x"u8) },
        { "a size before a shell", SshTerminalSize.Of(1, 1).ToFrame() },
        { "a frame of the agent's", SshFrame.Of(SshFrameKind.Exit, [0, 0, 0, 0]) },
        { "a frame of no kind", [200, 0, 0] },
        { "a frame that is too long", [(byte)SshFrameKind.Key, 255, 255] },
        { "a question that is none", SshFrame.Of(SshFrameKind.Key, "x"u8) },
    };

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Unasked))]
    public async Task Frame_ThatMayNotCome_EndsTheConnection(string what, byte[] frame)
    {
        await using Scene scene = await Scene.StartAsync();
        await scene.Session.SendAsync(frame, Cancel);
        await scene.Serving.WaitAsync(Cancel);
        Assert.True(scene.Api.Jobs.Engine.Terminals.Count == 0, what);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Shell_AfterAKeyThatWasRefusedOrOnlyAskedFor_EndsTheConnection()
    {
        foreach (bool isGranted in (bool[])[false, true])
        {
            await using Scene scene = await Scene.StartAsync();
            if (isGranted) await scene.GrantAsync();
            Assert.Equal(isGranted, await scene.AskAsync(new SshKeyQuestion(IsSigned: false, "nosana", Key)));
            await scene.Session.SendAsync(s_shell, Cancel);
            await scene.Serving.WaitAsync(Cancel);
            Assert.Empty(scene.Api.Jobs.Engine.Terminals);
        }
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Shell_AfterAKeyThatWasGranted_IsOpened()
    {
        await using Scene scene = await Scene.StartAsync();
        await scene.GrantAsync();
        Assert.False(await scene.AskAsync(new SshKeyQuestion(IsSigned: true, "root", Key)));
        Assert.True(await scene.AskAsync(new SshKeyQuestion(IsSigned: true, "nosana", Key)));
        await scene.Session.SendAsync(s_shell, Cancel);
        await Eventually.TrueAsync(() => scene.Api.Jobs.Engine.Terminals.Count == 1, "a shell is opened");
    }

    private sealed class Scene : IAsyncDisposable
    {
        private readonly TemporaryDirectory _directory = new();
        private readonly CancellationTokenSource _over = new();
        private readonly List<IDisposable> _sockets = [];
        private RunningJob? _job;

        public ApiBench Api { get; private set; } = null!;

        /// <summary>The process's end of the frames.</summary>
        public Socket Session { get; private set; } = null!;

        public Task Serving { get; private set; } = Task.CompletedTask;

        public static async Task<Scene> StartAsync()
        {
            var scene = new Scene { Api = await ApiBench.StartAsync() };
            scene._job = await RunningJob.StartAsync(scene.Api, JobBench.Op("a"));
            string path = Path.Combine(scene._directory.Path, "s");
            var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            using var near = new TcpListener(IPAddress.Loopback, 0);
            near.Start();
            var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)near.LocalEndpoint, Cancel);
            TcpClient served = await near.AcceptTcpClientAsync(Cancel);
            var connection = new SshConnection(
                served.GetStream(), new SshTarget(scene.Api.JobAddress, 0), scene.Api.Ssh, scene.Api.Get<SshDoor>(), scene.Api.Get<ShellSeats>(), scene.Api.Get<OpShells>(),
                () => { }, scene.Api.Jobs.Clock, NullLogger.Instance);
            scene.Serving = connection.ServeAsync(path, scene._over.Token);
            scene.Session = await listener.AcceptAsync(Cancel);
            Socket wire = await listener.AcceptAsync(Cancel);
            await ReadAsync(scene.Session, SshFrame.OpeningLength + new SshHello(false).ToFrame().Length);
            scene._sockets.AddRange([listener, client, served, connection, scene.Session, wire]);
            return scene;
        }

        public async Task GrantAsync()
        {
            Api.Get<Nosana.Node.Ssh.SshAvailability>().Off = null;
            Assert.Equal(201, (await Api.PostAsync($"/job/{Api.JobAddress}/ssh/authorize", body: $$"""{"sshPublicKey":"{{Key}}"}""")).Status);
        }

        public async Task<bool> AskAsync(SshKeyQuestion question)
        {
            await Session.SendAsync(question.ToFrame(), Cancel);
            byte[] answer = await ReadAsync(Session, SshFrame.HeaderLength + 1);
            Assert.Equal((byte)SshFrameKind.Answer, answer[0]);
            return answer[^1] == 1;
        }

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await Serving;
            _sockets.ForEach(socket => socket.Dispose());
            if (_job is not null) await _job.DisposeAsync();
            await Api.DisposeAsync();
            _directory.Dispose();
            _over.Dispose();
        }

        private static async Task<byte[]> ReadAsync(Socket socket, int count)
        {
            var bytes = new byte[count];
            for (int have = 0; have < count;)
            {
                int read = await socket.ReceiveAsync(bytes.AsMemory(have), Cancel);
                Assert.NotEqual(0, read);
                have += read;
            }
            return bytes;
        }
    }
}
