using System.Diagnostics;
using System.Globalization;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>At the agent itself, by other users of its machine: what it leaves on disk, its memory, and the lock of its key.</summary>
public sealed class LocalUserAttackTests : IAsyncLifetime
{
    private const string Secret = "the-registrys-password";

    /// <summary>No bit is taken away from what is made.</summary>
    private static readonly string[] s_openUmask = ["sh", "-c", "umask 000; exec \"$0\" \"$@\""];

    /// <summary>Another user, without any right.</summary>
    private static readonly string[] s_asNobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"];

    private readonly MarketHost _host = new() { Through = s_openUmask };

    private MarketNetwork Network => _host.Network;

    private string State => Network.StateDirectory;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        // What lies above the state is open to all, as /var/lib is.
        File.SetUnixFileMode(Network.Directory, (UnixFileMode)0x1ED); // 0755
        for (DirectoryInfo? above = new DirectoryInfo(Network.Directory).Parent; above is not null; above = above.Parent)
            if (!above.UnixFileMode.HasFlag(UnixFileMode.OtherExecute)) above.UnixFileMode |= UnixFileMode.OtherExecute;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task State_ReadByAnotherUser_IsClosedToHim()
    {
        await ServeAsync();

        Assert.Equal("", await RunAsync([.. s_asNobody, "find", Network.Directory, "-path", $"{State}/*", "-readable"]));
        Assert.All(Entries(State).Append(State), entry => Assert.True(((int)File.GetUnixFileMode(entry) & 0x3F) == 0, $"{entry}: {File.GetUnixFileMode(entry)}"));

        // The control: the same files with the modes that the umask would have left.
        await RunAsync(["chmod", "-R", "a+rX", State]);
        Assert.Contains(State, await RunAsync([.. s_asNobody, "grep", "-rl", Secret, State]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_OpenFromEarlier_IsClosedWhenTheAgentStarts()
    {
        await ServeAsync();
        _host.Process.Terminate();
        await _host.Process.ExitAsync();
        await RunAsync(["chmod", "-R", "a+rX", State]);
        Assert.Contains(State, await RunAsync([.. s_asNobody, "grep", "-rl", Secret, State]), StringComparison.Ordinal);

        await _host.StartAsync();

        await _host.Process.LineAsync($"The directory {State} had mode 0755");
        Assert.Equal("", await RunAsync([.. s_asNobody, "grep", "-rl", Secret, State]));
        (int health, string text, _) = await NodeProcess.RunAsync(Network.Directory, "health", "--state", State);
        Assert.Equal((0, "Queued: place 1 of 1"), (health, text.Trim()));
    }

    [Fact]
    public async Task TemporaryFiles_OfARun_AreClosedToOthers()
    {
        string home = Path.Combine(Network.Directory, "home");
        Directory.CreateDirectory(home, (UnixFileMode)0x1ED);
        string file = NodeProcess.Write(home, Definitions.Shell($"echo {Secret}; exec sleep 60"));
        await using NodeProcess run = NodeProcess.Start(home, null, ["run", file, "--docker", _host.EngineAddress.OriginalString, "--cache", Path.Combine(home, "cache")], through: s_openUmask);
        await run.LineAsync($"op | {Secret}");

        string[] made = [.. Entries(home).Where(entry => entry != file)];
        Assert.Contains(made, entry => entry.Contains("nosana-run-", StringComparison.Ordinal) && entry.EndsWith(".seg", StringComparison.Ordinal));
        Assert.Contains(made, entry => entry.EndsWith("journal.db", StringComparison.Ordinal));
        Assert.Equal("", await RunAsync([.. s_asNobody, "find", home, "-mindepth", "1", "!", "-name", "definition.json", "-readable"]));
        Assert.All(made, entry => Assert.True(((int)File.GetUnixFileMode(entry) & 0x3F) == 0, $"{entry}: {File.GetUnixFileMode(entry)}"));

        run.Interrupt();
        await run.ExitAsync();
    }

    /// <summary>Out of reach of the first agent by its network, its processes, and as far as a mount that cannot be written goes.</summary>
    public static TheoryData<string, string, string> Namespaces => new()
    {
        { "--net", "exec \"$0\" \"$@\"", "pid" },
        { "--net --pid --fork --kill-child --mount-proc", "exec \"$0\" \"$@\"", "cannot be seen from here" },
        { "--net --mount", "mount --bind \"$MOUNTED\" \"$MOUNTED\" && mount -o remount,bind,ro \"$MOUNTED\" && exec \"$0\" \"$@\"", "pid" },
    };

    [Theory]
    [MemberData(nameof(Namespaces))]
    public async Task Key_UsedInAnotherNetwork_IsInUse(string namespaces, string line, string holder)
    {
        string[] through = ["unshare", .. namespaces.Split(' '), "env", $"MOUNTED={Network.HostKey}", "sh", "-c", line];

        await using NodeProcess second = Second(Network.HostKey, through);
        Assert.Equal(2, await second.ExitAsync());
        Assert.Contains($"already serves with the key of {Network.Host}", second.Text, StringComparison.Ordinal);
        Assert.Contains(holder == "pid" ? string.Create(CultureInfo.InvariantCulture, $"pid {_host.Process.Id}") : holder, second.Text, StringComparison.Ordinal);

        // The control: a copy has a lock of its own, and its name is not known in the other network.
        string copy = Path.Combine(Network.Directory, "copy.json");
        File.Copy(Network.HostKey, copy);
        await using NodeProcess third = Second(copy, through);
        await third.LineAsync("Not serving yet"); // there is no chain in that network
        Assert.DoesNotContain("already serves", third.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeysName_TakenByAnotherUser_KeepsNobodyFromStarting()
    {
        _host.Process.Terminate();
        await _host.Process.ExitAsync();

        using (Process squatter = await SquatAsync(s_asNobody))
        {
            await _host.StartAsync();
            await _host.Process.LineAsync($"pid {squatter.Id}, uid 65534");
            _host.Process.Terminate();
            await _host.Process.ExitAsync();
            squatter.Kill();
            await squatter.WaitForExitAsync(Token);
        }

        // The control: of the agent's own user the name is believed.
        using Process another = await SquatAsync([]);
        _host.StartWithoutWaiting();
        Assert.Equal(2, await _host.Process.ExitAsync());
        Assert.Contains($"pid {another.Id}", _host.Process.Text, StringComparison.Ordinal);
        another.Kill();
        await another.WaitForExitAsync(Token);
    }

    [Fact]
    public async Task ControlSocket_UsedByAnotherUser_ControlsNothing()
    {
        const string ask = "use Socket; socket(S, PF_UNIX, SOCK_STREAM, 0) or die; connect(S, pack_sockaddr_un($ARGV[0])) or print('closed'), exit; "
            + "syswrite(S, \"POST /v1/drain HTTP/1.0\\r\\nContent-Length: 0\\r\\n\\r\\n\"); print <S>";
        string[] drain = ["perl", "-e", ask, Path.Combine(State, "control.sock")];
        Assert.Equal("closed", await RunAsync([.. s_asNobody, .. drain]));

        // With a mode that lets him in, the kernel still says who he is.
        await RunAsync(["chmod", "a+rwx", State, drain[^1]]);
        Assert.Contains("403", await RunAsync([.. s_asNobody, .. drain]), StringComparison.Ordinal);
        Assert.True(Network.HostIsQueued);

        // The control: the agent's own user.
        Assert.Contains("200 OK", await RunAsync(drain), StringComparison.Ordinal);
        Assert.Equal(0, await _host.Process.ExitAsync());
    }

    [Fact]
    public async Task CoreFile_OfTheAgent_IsNotWritten()
    {
        // As its parent hears it from the kernel: bit 128 of the status says that its memory was written out.
        const string watch = "$| = 1; my $child = fork; if (!$child) { exec @ARGV } print \"child $child\\n\"; waitpid($child, 0); printf \"status %d\\n\", $?";
        string[] through = ["sh", "-c", "ulimit -c unlimited; exec \"$0\" \"$@\"", "perl", "-e", watch];
        await using NodeProcess agent = NodeProcess.Start(Network.Directory, null, ["localnet", "--port", "0"], through: through);
        await agent.LineAsync("The network is ready");
        using Process control = Process.Start(new ProcessStartInfo(through[0], [.. through[1..], "sleep", "60"]) { RedirectStandardOutput = true, WorkingDirectory = Network.Directory })!;

        await RunAsync(["kill", "-XCPU", (await agent.LineAsync("child ")).Text[6..]]);
        await RunAsync(["kill", "-XCPU", (await control.StandardOutput.ReadLineAsync(Token))![6..]]);

        Assert.Equal("status 24", (await agent.LineAsync("status ")).Text);
        Assert.Equal("status 152", await control.StandardOutput.ReadLineAsync(Token));
    }

    private NodeProcess Second(string key, IReadOnlyList<string> through) => NodeProcess.Start(
        Network.Directory, null,
        ["start", "--localnet", Network.InfoFile, "--key", key, "--docker", _host.EngineAddress.OriginalString, "--state", Path.Combine(Network.Directory, "second"), "--expose-port", "0", "--api-port", "0"],
        through: through);

    /// <summary>Serves a job that has a secret in its definition and in its output.</summary>
    private async Task ServeAsync()
    {
        PublicKey job = await Network.PostAsync(Definitions.Shell($"echo {Secret}"));
        await _host.CompletedAsync(job);
        await _host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue again");
    }

    private async Task<Process> SquatAsync(IReadOnlyList<string> through)
    {
        const string squat = "use Socket; $| = 1; socket(S, PF_UNIX, SOCK_STREAM, 0) or die; bind(S, pack('S a*', AF_UNIX, \"\\0nosana-node/$ARGV[0]\")) or die $!; listen(S, 1); print \"held\\n\"; sleep 600";
        string[] line = [.. through, "perl", "-e", squat, Network.Host.Key];
        Process process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true })!;
        Assert.Equal("held", await process.StandardOutput.ReadLineAsync(Token));
        return process;
    }

    private static IEnumerable<string> Entries(string directory) => Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories);

    private static async Task<string> RunAsync(string[] line)
    {
        using Process process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> complaints = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await complaints;
        await process.WaitForExitAsync(Token);
        return output.Trim();
    }
}
