using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Nosana.EndToEnd.Tests.Ssh;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>At the SSH server, by strangers who know a job's name, and by somebody who has a shell.</summary>
public sealed class SshAttackTests(SshHost host) : IClassFixture<SshHost>, IAsyncLifetime
{
    private const int Seed = 12;

    private PublicKey _job;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Pid => SshTests.ProcessIdOf(host);

    public async ValueTask InitializeAsync()
    {
        _job = await host.RunAsync();
        await host.GrantAsync(_job);
    }

    public async ValueTask DisposeAsync() => await host.EndAsync(_job);

    [Fact]
    public async Task Packets_Malformed_EndTheirConnectionsAndNothingElse()
    {
        await OwnerGetsInAsync();
        int pid = Pid;
        var random = new Random(Seed);
        byte[] banner = "SSH-2.0-x\r\n"u8.ToArray(), noise = new byte[4096];
        random.NextBytes(noise);
        byte[][] openings =
        [
            "GET / HTTP/1.0\r\n\r\n"u8.ToArray(), "SSH-1.5-old\r\n"u8.ToArray(), [.. banner, .. noise], [.. banner, 255, 255, 255, 255, .. new byte[100]], [.. banner, .. new byte[40]],
            [.. banner, 0, 0, 0, 12, 10, 20, .. new byte[10]], Encoding.ASCII.GetBytes(new string('A', 100_000)), [.. banner, 0, 0, 0, 12, 4, 50, .. new byte[10]],
            [.. banner, 0, 0, 0x80, 0, 4, 20, .. noise], [0], [],
        ];
        for (int i = 0; i < 400; i++)
        {
            byte[] opening = i < openings.Length ? openings[i] : [.. openings[random.Next(openings.Length)].Concat(noise.Take(random.Next(200))).Select(b => random.Next(50) == 0 ? (byte)random.Next(256) : b)];
            using Socket socket = await ConnectAsync();
            try
            {
                await socket.SendAsync(opening, Token);
                socket.Shutdown(SocketShutdown.Send);
                var answer = new byte[16 << 10];
                while (await socket.ReceiveAsync(answer, Token) > 0)
                {
                    // until it is let go
                }
            }
            catch (SocketException)
            {
                // it was let go in the middle
            }
        }
        Assert.Equal(pid, Pid);
        await OwnerGetsInAsync();

        // The control: what a packet that hits would do to the process. It is one of its own.
        using (Process kill = Process.Start("kill", $"-KILL {pid}")!) await kill.WaitForExitAsync(Token);
        await host.Host.UntilAsync(() => Pid is not 0 and var now && now != pid, "the SSH process is started again");
        Assert.False(host.Host.Process.HasExited);
        await host.Host.UntilAsync(async () => (await host.SshAsync(_job, "exit 3\n")).Code == 3, "the owner gets in again");
    }

    [Fact]
    public async Task Connections_TenThousand_TakeLittleAndTheOwnerGetsInAgain()
    {
        const int Connections = 10_000, AtOnce = 500, Handles = 700;
        const long Bytes = 150L << 20;
        await OwnerGetsInAsync();
        int agent = host.Host.Process.Id, pid = Pid;
        (long agentBefore, long processBefore) = (ResidentBytes(agent), ResidentBytes(pid));
        var open = new Queue<Socket>();
        int most = 0;
        for (int i = 0; i < Connections; i++)
        {
            open.Enqueue(await TryConnectAsync());
            if (open.Count == AtOnce) open.Dequeue().Dispose();
            if (i % 100 == 0) most = Math.Max(most, HandlesOf(agent));
        }
        // The control: all that are open now would be held without the limit.
        Assert.True(most < HandlesOf(Environment.ProcessId) && most < Handles, $"the agent held {most} handles");
        Assert.InRange(ResidentBytes(agent) - agentBefore, long.MinValue, Bytes);
        Assert.InRange(ResidentBytes(pid) - processBefore, long.MinValue, Bytes);
        Assert.Equal(pid, Pid);
        while (open.TryDequeue(out Socket? socket)) socket.Dispose();
        await host.Host.UntilAsync(async () => (await host.SshAsync(_job, "exit 3\n")).Code == 3, "the owner gets in again");
    }

    [Fact]
    public async Task Keys_TriedOneAfterTheOther_AreSixAtMost()
    {
        string[] keys = [.. Enumerable.Range(0, 8).Select(_ => host.Client.FileOf(host.Client.MakeKey()))];
        string Identities(IEnumerable<string> files) => "-tt " + string.Join(' ', files.Select(file => $"-o IdentityFile={file}"));
        // The client's own key comes first in its options: another one in its place.
        SshRun late = await host.SshAsync(_job, "exit 0\n", Identities(keys.Skip(1).Append(host.Client.KeyFile)), keyFile: keys[0]);
        Assert.Equal(255, late.Code);
        Assert.Equal(0, (await host.SshAsync(_job, "exit 0\n", Identities(keys.Skip(1).Take(2).Append(host.Client.KeyFile)), keyFile: keys[0])).Code);
    }

    [Fact]
    public async Task Shell_OfTheOwner_HasTheContainersRightsAndNoMore()
    {
        const string Rights = "grep -E '^(Uid|Gid|Cap|NoNewPrivs|Seccomp)' /proc/PID/status | sort | md5sum";
        SshRun run = await host.SshAsync(_job, $"echo \"mine $({Rights.Replace("PID", "self", StringComparison.Ordinal)}) its $({Rights.Replace("PID", "1", StringComparison.Ordinal)})\"; cat /proc/self/cgroup /proc/1/cgroup | sort -u | wc -l; exit\n");
        string line = run.Output.Split('\n').First(text => text.StartsWith("mine ", StringComparison.Ordinal) && !text.Contains('$', StringComparison.Ordinal));
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(words[1], words[4]);

        // The control: a shell of the engine's with more.
        string container = await host.Host.RunningContainerAsync(_job.Key);
        string more = await OutputAsync("docker", "-H", host.Host.EngineAddress.OriginalString, "exec", "--privileged", container, "sh", "-c", Rights.Replace("PID", "self", StringComparison.Ordinal));
        Assert.DoesNotContain(words[1], more, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_BrokenInto_ReadsNoKeyAndConnectsToNothing()
    {
        await OwnerGetsInAsync();
        (int key, int socket, int start) = await InsideAsync(Pid);
        Assert.Equal((-1, -1, -1), (key, socket, start));
        // The control: the same from inside of a process of the same user that is not confined.
        using Process other = Process.Start("sleep", "600")!;
        try
        {
            (key, socket, _) = await InsideAsync(other.Id);
            Assert.True(key >= 0 && socket >= 0, $"{key} {socket}");
        }
        finally
        {
            other.Kill();
        }
    }

    /// <summary>What calls of the C library give inside of a process: open(2) of the wallet's key, socket(2), execve(2) of a program.</summary>
    private async Task<(int Key, int Socket, int Start)> InsideAsync(int pid)
    {
        string output = await OutputAsync(
            "gdb", "-nx", "-batch", "-p", pid.ToString(CultureInfo.InvariantCulture),
            "-ex", $"print (int)open(\"{host.Network.HostKey}\", 0)",
            "-ex", "print (int)socket(1, 1, 0)",
            // Where it is not refused there is no process any more to be asked.
            "-ex", Pid == pid ? "print (int)execve(\"/bin/true\", 0, 0)" : "print 0");
        return (Of(1), Of(2), Of(3));

        int Of(int number)
        {
            string begin = string.Create(CultureInfo.InvariantCulture, $"${number} = ");
            string? line = output.Split('\n').FirstOrDefault(line => line.StartsWith(begin, StringComparison.Ordinal));
            return int.Parse(line?[begin.Length..] ?? throw new InvalidOperationException(output), CultureInfo.InvariantCulture);
        }
    }

    private async Task OwnerGetsInAsync()
    {
        SshRun run = await host.SshAsync(_job, "exit 3\n");
        Assert.True(run.Code == 3, $"{run}");
    }

    /// <summary>A connection to the operation, past the front.</summary>
    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host.Front, Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"CONNECT {_job}-0-ssh.localhost:22 HTTP/1.1\r\n\r\n"), Token);
        return socket;
    }

    private async Task<Socket> TryConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host.Front, Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"CONNECT {_job}-0-ssh.localhost:22 HTTP/1.1\r\n\r\n"), Token);
        }
        catch (SocketException)
        {
            // it was let go at once
        }
        return socket;
    }

    private static int HandlesOf(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Length;

    private static long ResidentBytes(int pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;

    private static async Task<string> OutputAsync(string program, params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Token), errors = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return await output + await errors;
    }
}
