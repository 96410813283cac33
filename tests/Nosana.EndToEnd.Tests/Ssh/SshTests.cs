using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Ssh;

/// <summary>OpenSSH's client in operations that run, with keys that requests of the official library granted.</summary>
public sealed class SshTests(SshHost host) : IClassFixture<SshHost>, IAsyncLifetime
{
    private readonly List<PublicKey> _jobs = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (PublicKey job in _jobs.Where(job => !host.Network.IsSettled(job))) await host.EndAsync(job);
    }

    [Fact]
    public async Task Ssh_WithAKeyGrantedByASignedRequest_OpensAShellInTheOperation()
    {
        PublicKey job = await RunAsync("echo kept > /mark; sleep infinity");
        await host.GrantAsync(job);
        SshRun run = await host.SshAsync(job, "cat /mark; echo shell $0; exit 7\n");
        Assert.True(run.Code == 7, $"{run}");
        Assert.Contains("\nkept\r\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nshell /bin/bash\r\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ssh_WhenTheWindowChanges_TheTerminalDoes()
    {
        PublicKey job = await RunAsync();
        await host.GrantAsync(job);
        string fifo = Path.Combine(host.Network.Directory, "resize");
        using (Process made = Process.Start("mkfifo", fifo)!) await made.WaitForExitAsync(Token);
        string connect = string.Create(CultureInfo.InvariantCulture, $"socat - PROXY:{host.Front.Address}:%h:%p,proxyport={host.Front.Port}");
        string ssh = $"ssh {host.Client.Through(connect, null)} {host.Destination(job)}".Replace("\"", "\\\"", StringComparison.Ordinal);
        string inside = $"stty cols 99 rows 33; t=$(tty); (read x < {fifo}; stty -F $t cols 77 rows 22) & {ssh}";
        using SshSession session = SshSession.Start($"-qec \"{inside}\" /dev/null", NodeProcess.Deadline, "script");
        await session.TypeAsync("stty size\n");
        await session.ShowsAsync("33 99");
        await File.WriteAllTextAsync(fifo, "now\n", Token);
        await session.TypeAsync("while [ \"$(stty size)\" != '22 77' ]; do :; done; echo it is $(stty size); exit\n");
        await session.ShowsAsync("it is 22 77");
        Assert.Equal(0, (await session.EndAsync()).Code);
    }

    [Fact]
    public async Task Ssh_AtTheNodesName_WithTheOlderAuthorization_OpensAShell()
    {
        PublicKey job = await RunAsync();
        string text = $"Nosana SSH Authorization v1\n\njob: {job}\nnode: {host.Network.Host}\nsshUser: nosana-{job}\nsshPublicKey: {host.Client.PublicKey}\n"
            + $"expiresAt: {DateTimeOffset.UtcNow.AddMinutes(4).UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}\nnetwork: mainnet\naudience: nosana-ssh-gateway";
        string signed = (await host.SignAsync(text))[0];
        byte[] signature = SimpleBase.Base58.Bitcoin.Decode(signed.AsSpan(signed.LastIndexOf(':') + 1));
        var body = new JsonObject { ["message"] = text, ["signature"] = Convert.ToBase64String(signature) };
        var tampered = new JsonObject { ["message"] = text.Replace("mainnet", "devnet", StringComparison.Ordinal), ["signature"] = Convert.ToBase64String(signature) };
        Assert.Equal(401, (await host.AskAsync(HttpMethod.Post, $"/job/{job}/ssh/authorize", tampered, null)).Status);
        Assert.Equal(201, (await host.AskAsync(HttpMethod.Post, $"/job/{job}/ssh/authorize", body, null)).Status);
        Assert.Equal(5, (await host.SshAsync(job, "exit 5\n", command: "op", destination: host.GatewayDestination(job))).Code);
        Assert.Equal(6, (await host.SshAsync(job, "exit 6\n", destination: host.GatewayDestination(job))).Code);
    }

    [Fact]
    public async Task Ssh_WithAKeyOfTheDefinition_OpensAShellUntilItIsRevoked()
    {
        PublicKey job = await RunAsync(more: $$"""
            "ssh":{"public_keys":["{{host.Client.PublicKey}}"]}
            """);
        Assert.Equal(0, (await host.SshAsync(job, "exit 0\n")).Code);
        string header = (await host.SignAsync(job.Key))[0];
        (int status, string answer) = await host.AskAsync(HttpMethod.Delete, $"/job/{job}/ssh/keys", new JsonObject { ["sshPublicKey"] = host.Client.PublicKey }, header);
        Assert.True(status == 200, answer);
        Assert.Equal(255, (await host.SshAsync(job, "exit 0\n")).Code);
    }

    [Fact]
    public async Task Programs_OfOpenSsh_ThatAreNoShell_AreRefused()
    {
        PublicKey job = await RunAsync();
        await host.GrantAsync(job);
        string connect = string.Create(CultureInfo.InvariantCulture, $"socat - PROXY:{host.Front.Address}:%h:%p,proxyport={host.Front.Port}");
        string options = host.Client.Through(connect, null), file = Path.Combine(host.Network.Directory, "copied");
        await File.WriteAllTextAsync(file, "x", Token);
        foreach ((string program, string arguments) in ((string, string)[])
            [("sftp", $"-b /dev/null {host.Destination(job)}"), ("scp", $"{file} {host.Destination(job)}:/x"), ("scp", $"-O {file} {host.Destination(job)}:/x")])
        {
            using SshSession refused = SshSession.Start($"{options} {arguments}", NodeProcess.Deadline, program);
            Assert.NotEqual(0, (await refused.EndAsync()).Code);
        }
        Assert.Equal(255, (await host.SshAsync(job, "", command: "id")).Code);
        Assert.Equal(255, (await host.SshAsync(job, "", "-T")).Code);
        Assert.Equal(255, (await host.SshAsync(job, "", "-W 127.0.0.1:80")).Code);
        Assert.Equal(0, (await host.SshAsync(job, "exit 0\n")).Code);
    }

    [Fact]
    public async Task Ssh_SessionsEndWithTheirJob_AndItsKeysOpenNoOtherJob()
    {
        PublicKey first = await RunAsync();
        await host.GrantAsync(first);
        using SshSession session = host.Client.Start(host.Front, host.Destination(first));
        await session.TypeAsync("echo in $((6*7))\n");
        await session.ShowsAsync("in 42");
        await host.EndAsync(first);
        Assert.NotEqual(-1, (await session.EndAsync()).Code);

        PublicKey second = await RunAsync();
        Assert.Equal(255, (await host.SshAsync(second, "exit 0\n")).Code);
        Assert.Equal(255, (await host.SshAsync(first, "exit 0\n")).Code);
        await host.GrantAsync(second);
        Assert.Equal(0, (await host.SshAsync(second, "exit 0\n")).Code);
    }

    [Fact]
    public async Task Ssh_WhenTheClientIsGone_ItsProgramsAreHungUp()
    {
        PublicKey job = await RunAsync();
        await host.GrantAsync(job);
        using (SshSession session = host.Client.Start(host.Front, host.Destination(job)))
        {
            await session.TypeAsync("sleep 4321\n");
            await host.Host.UntilAsync(async () => (await ProcessesAsync(job)).Contains("sleep 4321", StringComparison.Ordinal), "the program runs");
        }
        await host.Host.UntilAsync(async () => await ProcessesAsync(job) is var left && !left.Contains("4321", StringComparison.Ordinal) && !left.Contains("bash -i", StringComparison.Ordinal),
            "shell and program are gone");
    }

    [Fact]
    public async Task Ssh_KilledProcess_CostsSessionsAndNothingElse()
    {
        PublicKey job = await RunAsync();
        await host.GrantAsync(job);
        using SshSession session = host.Client.Start(host.Front, host.Destination(job));
        await session.TypeAsync("echo in $((6*7))\n");
        await session.ShowsAsync("in 42");
        int pid = ProcessId();
        using (var process = Process.GetProcessById(pid)) process.Kill();
        Assert.Equal(255, (await session.EndAsync()).Code);
        await host.Host.UntilAsync(() => ProcessId() is var now && now != 0 && now != pid, "the SSH process is started again");
        await host.Host.UntilAsync(async () => (await host.SshAsync(job, "exit 3\n")).Code == 3, "a shell can be had again");
        Assert.False(host.Host.Process.HasExited);
        Assert.Single(await host.Host.ContainersAsync(job.Key), container => container.State == "running");
    }

    [Fact]
    public async Task Ssh_AfterTheAgentWasKilled_HostKeyAndGrantsAreThoseOfBefore()
    {
        PublicKey job = await RunAsync();
        await host.GrantAsync(job);
        Assert.Equal(0, (await host.SshAsync(job, "exit 0\n")).Code);
        int ssh = ProcessId();
        await host.Host.Process.KillAsync();
        await host.Host.UntilAsync(() => !Directory.Exists($"/proc/{ssh}"), "the SSH process has ended with the agent");
        host.Host.StartWithoutWaiting();
        await host.Host.UntilAsync(() => host.Host.Process.Text.Contains("adopted", StringComparison.Ordinal), "the container is adopted");
        // The client has the first host key in its file, and takes no other.
        await host.Host.UntilAsync(async () => (await host.SshAsync(job, "exit 4\n")).Code == 4, "the key opens a shell");
    }

    [Fact]
    public async Task Terminal_OfTheOwner_IsAShellInTheOperation()
    {
        PublicKey job = await RunAsync();
        string text = $"Nosana Terminal Authorization v1\n\njob: {job}\nnode: {host.Network.Host}\n"
            + $"expiresAt: {DateTimeOffset.UtcNow.AddMinutes(4).UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}\nop: op\nnetwork: mainnet\naudience: nosana-web-terminal";
        string signed = (await host.SignAsync(text))[0];
        var frame = new JsonObject
        {
            ["path"] = "/terminal",
            ["body"] = new JsonObject
            {
                ["jobAddress"] = job.Key,
                ["message"] = text,
                ["op"] = "op",
                ["cols"] = 91,
                ["rows"] = 29,
                ["signature"] = Convert.ToBase64String(SimpleBase.Base58.Bitcoin.Decode(signed.AsSpan(signed.LastIndexOf(':') + 1))),
            },
        };
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(host.Api) { Scheme = "ws" }.Uri, Token);
        await socket.SendAsync(Encoding.UTF8.GetBytes(frame.ToJsonString()), WebSocketMessageType.Text, true, Token);
        var shown = new StringBuilder();
        await UntilAsync("job ");
        await TypeAsync("echo size $(stty size); exit 9\n");
        await UntilAsync("size 29 91");
        await UntilAsync("""{"type":"exit","code":9}""");

        async Task TypeAsync(string data) => await socket.SendAsync(
            Encoding.UTF8.GetBytes(new JsonObject { ["type"] = "stdin", ["data"] = data }.ToJsonString()), WebSocketMessageType.Text, true, Token);

        async Task UntilAsync(string end)
        {
            var buffer = new byte[16 << 10];
            while (!shown.ToString().Contains(end, StringComparison.Ordinal))
            {
                WebSocketReceiveResult read = await socket.ReceiveAsync(buffer, Token);
                Assert.True(read.MessageType != WebSocketMessageType.Close, $"Closed with {read.CloseStatus} {read.CloseStatusDescription} after: {shown}");
                shown.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
            }
        }
    }

    private async Task<PublicKey> RunAsync(string line = "sleep infinity", string more = "")
    {
        PublicKey job = await host.RunAsync(line, more);
        _jobs.Add(job);
        return job;
    }

    /// <summary>What runs in the job's container.</summary>
    private async Task<string> ProcessesAsync(PublicKey job)
    {
        string container = await host.Host.RunningContainerAsync(job.Key);
        await using Stream shown = await host.Host.Engine.StartTerminalAsync(
            await host.Host.Engine.CreateTerminalAsync(container, new Nosana.Docker.TerminalSpec(["/bin/busybox", "ps", "-o", "args"], []), Token), Token);
        using var reader = new StreamReader(shown);
        return await reader.ReadToEndAsync(Token);
    }

    /// <summary>Of the SSH process of the host that runs now; 0 while there is none.</summary>
    private int ProcessId() => ProcessIdOf(host);

    internal static int ProcessIdOf(SshHost host)
    {
        foreach (string process in Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                string line = File.ReadAllText(Path.Combine(process, "cmdline"));
                if (line.Contains("ssh-process", StringComparison.Ordinal) && line.Contains("--confined", StringComparison.Ordinal)
                    && line.Contains(host.Network.StateDirectory, StringComparison.Ordinal)) return int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // it has ended meanwhile
            }
        }
        return 0;
    }
}
