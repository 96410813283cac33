using System.Net;
using Nosana.Node.Ssh.Server;
using Nosana.Node.Tests.Api;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Ssh;

/// <summary>OpenSSH's client at the host's SSH server: who gets in, to what, and what is refused.</summary>
public sealed class SshServerTests
{
    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_WithAGrantedKey_OpensAShellAndItsExitCodeComesBack()
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        SshRun run = await bench.RunAsync("hello there\nexit 7\n");
        Assert.True(run.Code == 7, $"{run}");
        Assert.Contains("hello there", run.Output, StringComparison.Ordinal);
        Assert.Equal(["/bin/bash", "-c", "echo $$; exec /bin/bash -i"], Assert.Single(bench.Engine.Terminals).Spec.Command);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("rsa", "-b 2048")]
    [InlineData("ecdsa", "-b 256")]
    [InlineData("ecdsa", "-b 521")]
    public async Task Ssh_WithAKeyOfEachKind_OpensAShell(string type, string bits)
    {
        await using SshBench bench = await SshBench.StartAsync();
        string key = bench.Client.MakeKey(type, bits);
        await bench.GrantAsync(key);
        Assert.Equal(3, (await bench.RunAsync("exit 3\n", keyFile: bench.Client.FileOf(key))).Code);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_ToTheNameOfAnOperation_OpensItsShell()
    {
        await using SshBench bench = await SshBench.StartAsync("a", "b");
        await bench.GrantAsync();
        Assert.Equal(0, (await bench.RunAsync("exit 0\n", destination: bench.Destination(1))).Code);
        Assert.Equal(bench.Engine.ContainerOf("b")!.Id, Assert.Single(bench.Engine.Terminals).Container);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("b", "b")]
    [InlineData("", "a")]
    public async Task Ssh_ToTheNode_TheCommandNamesTheOperation(string command, string op)
    {
        await using SshBench bench = await SshBench.StartAsync("a", "b");
        await bench.GrantAsync();
        Assert.Equal(0, (await bench.RunAsync("exit 0\n", command: command, destination: bench.GatewayDestination())).Code);
        Assert.Equal(bench.Engine.ContainerOf(op)!.Id, Assert.Single(bench.Engine.Terminals).Container);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_ToTheNodeWithAnotherCommand_IsToldThatThereIsNoSuchOperation()
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        SshRun run = await bench.RunAsync("", command: "rm", destination: bench.GatewayDestination());
        Assert.Equal(1, run.Code);
        Assert.Contains("no operation of that name", run.Output, StringComparison.Ordinal);
        Assert.Empty(bench.Engine.Terminals);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_WithoutProxy_AtAnAddressOfTheOperation_OpensItsShell()
    {
        await using SshBench bench = await SshBench.StartAsync("a", "b");
        await bench.GrantAsync();
        await using SshListener listener = bench.Server.ListenFor(new IPEndPoint(IPAddress.Loopback, 0), new SshTarget(bench.Api.JobAddress, 1));
        using SshSession session = bench.Client.StartDirect(listener.Address, "nosana");
        await session.TypeAsync("exit 5\n");
        Assert.Equal(5, (await session.EndAsync()).Code);
        Assert.Equal(bench.Engine.ContainerOf("b")!.Id, Assert.Single(bench.Engine.Terminals).Container);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("-tt")]
    [InlineData("-tt -o RekeyLimit=1M")]
    public async Task Ssh_MuchOutput_ComesWholeAndWaitsForItsReader(string options)
    {
        const int Bytes = 20 << 20;
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        SshRun run = await bench.RunAsync($"flood {Bytes}\nexit 0\n", options);
        Assert.Equal(0, run.Code);
        Assert.InRange(run.Output.Count(c => c == 'x'), Bytes / 1024 * 1022, Bytes);
        Assert.Contains("flooded", run.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_ShellThatReadsNothing_TakesNoMoreOfTheClientsInputThanAFewBuffers()
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        using SshSession session = bench.Open();
        await session.TypeAsync("deaf\n");
        const int Typed = 32 << 20, Buffers = 1 << 20;
        Task typing = session.TypeAsync(new string('y', Typed));
        await session.ShowsAsync("$ ");
        await Eventually.TrueAsync(() => bench.Engine.Terminals[0].Typed > FakeTerminal.Buffer / 2, "the terminal has what it takes");
        bench.Engine.Terminals[0].HangUp();
        Assert.NotEqual(-1, (await session.EndAsync()).Code);
        await typing;
        Assert.InRange(bench.Engine.Terminals[0].Typed, FakeTerminal.Buffer / 2, Buffers);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("-tt", "ls")] // exec
    [InlineData("-T", "")] // a shell without a terminal
    [InlineData("-tt -s", "sftp")]
    public async Task Ssh_AnythingButAShellAtATerminal_IsRefused(string options, string command)
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        SshRun run = await bench.RunAsync("exit 0\n", options, command);
        Assert.True(run.Code == 255, $"{run}");
        Assert.Contains("request failed", run.Errors, StringComparison.Ordinal);
        Assert.Empty(bench.Engine.Terminals);
        Assert.Equal(0, (await bench.RunAsync("exit 0\n")).Code); // the control
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("-N -o ExitOnForwardFailure=yes -R 0:127.0.0.1:9")]
    [InlineData("-W 127.0.0.1:22")]
    public async Task Ssh_Forwarding_IsRefused(string options)
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        SshRun run = await bench.RunAsync("", options);
        Assert.True(run.Code == 255, $"{run}");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_KeyThatNobodyGranted_IsRefused()
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync(bench.Client.MakeKey());
        string other = bench.Client.MakeKey();
        SshRun run = await bench.RunAsync("exit 0\n", keyFile: bench.Client.FileOf(other));
        Assert.Equal(255, run.Code);
        Assert.Contains("Permission denied", run.Errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_WithTheUserOfTheOtherName_IsRefused()
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        Assert.Equal(255, (await bench.RunAsync("exit 0\n", destination: bench.Destination().Replace("nosana@", "root@", StringComparison.Ordinal))).Code);
        Assert.Equal(255, (await bench.RunAsync("exit 0\n", destination: bench.GatewayDestination("other"))).Code);
        Assert.Equal(255, (await bench.RunAsync("exit 0\n", destination: bench.GatewayDestination().Replace($"nosana-{bench.Api.JobAddress}@", "nosana@", StringComparison.Ordinal))).Code);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_WhenTheKeyHasExpiredOrIsRevoked_IsRefusedAndOpenSessionsGoOn()
    {
        await using SshBench bench = await SshBench.StartAsync();
        string lasting = bench.Client.MakeKey(), ending = bench.Client.MakeKey();
        await bench.GrantAsync(lasting);
        await bench.GrantAsync(ending, ""","expiresAt":"2026-01-01T00:01:00Z" """);
        using SshSession open = bench.Client.Start(bench.Front, bench.Destination(), keyFile: bench.Client.FileOf(ending));
        await open.ShowsAsync("$ ");
        bench.Api.Jobs.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(255, (await bench.RunAsync("exit 0\n", keyFile: bench.Client.FileOf(ending))).Code);
        await open.TypeAsync("exit 4\n");
        Assert.Equal(4, (await open.EndAsync()).Code);

        Assert.Equal(0, (await bench.RunAsync("exit 0\n", keyFile: bench.Client.FileOf(lasting))).Code);
        Assert.Equal(200, (await bench.Api.AskAsync(HttpMethod.Delete, bench.KeysPath, body: $$"""{"sshPublicKey":"{{lasting}}"}""")).Status);
        Assert.Equal(255, (await bench.RunAsync("exit 0\n", keyFile: bench.Client.FileOf(lasting))).Code);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_WhenTheClientIsGone_ItsShellIsHungUp()
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        using (SshSession session = bench.Open()) await session.ShowsAsync("$ ");
        await bench.Engine.Terminals[0].Ended.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(129, bench.Engine.Terminals[0].ExitCode);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_ClientWithoutASignOfLife_IsLetGo()
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        using SshSession session = bench.Open();
        await session.ShowsAsync("$ ");
        bench.Api.Jobs.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.True(bench.Engine.Terminals[0].IsRunning);
        bench.Api.Jobs.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(255, (await session.EndAsync()).Code);
        Assert.Equal(129, bench.Engine.Terminals[0].ExitCode);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Stop_SessionsEndAndTheirShellsAreHungUp()
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        using SshSession session = bench.Open();
        await session.ShowsAsync("$ ");
        int pid = bench.Server.ProcessId!.Value;
        await bench.Server.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(129, bench.Engine.Terminals[0].ExitCode);
        Assert.Equal(255, (await session.EndAsync()).Code);
        Assert.False(Directory.Exists($"/proc/{pid}"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_ToAJobThatHasEnded_FindsNothing()
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        await bench.EndJobAsync();
        SshRun run = await bench.RunAsync("exit 0\n");
        Assert.Equal(255, run.Code);
        Assert.Contains("Not Found", run.Errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_SessionsOfAJob_AreNoMoreThanTen()
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        var open = new List<SshSession>();
        for (int i = 0; i < 10; i++)
        {
            open.Add(bench.Open());
            await open[i].ShowsAsync("$ ");
        }
        Assert.Equal(255, (await bench.RunAsync("exit 0\n")).Code);
        await open[3].TypeAsync("exit 0\n");
        await open[3].EndAsync();
        await Eventually.TrueAsync(() => bench.Api.Get<Nosana.Node.Ssh.Shells.ShellSeats>().Taken == 9, "the seat is free");
        Assert.Equal(0, (await bench.RunAsync("exit 0\n")).Code);
        open.ForEach(session => session.Dispose());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_ProcessIsKilled_CostsTheSessionsAndIsStartedAgain()
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        using SshSession session = bench.Open();
        await session.ShowsAsync("$ ");
        int pid = bench.Server.ProcessId!.Value;
        using (var process = System.Diagnostics.Process.GetProcessById(pid)) process.Kill();
        Assert.Equal(255, (await session.EndAsync()).Code);
        await Eventually.TrueAsync(() =>
        {
            bench.Api.Jobs.Clock.Advance(TimeSpan.FromSeconds(1));
            return bench.Server.ProcessId is { } now && now != pid;
        }, "another process takes connections");
        Assert.Equal(0, (await bench.RunAsync("exit 0\n")).Code);
        Assert.Equal("running", bench.Engine.ContainerOf("a")!.Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ssh_ProcessThatDoesNotAnswer_IsEndedAndStartedAgain()
    {
        await using SshBench bench = await SshBench.StartAsync();
        await bench.GrantAsync();
        int pid = bench.Server.ProcessId!.Value;
        bench.Api.Jobs.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, (await bench.RunAsync("exit 0\n")).Code);
        Assert.Equal(pid, bench.Server.ProcessId);
        using (var stop = System.Diagnostics.Process.Start("kill", $"-STOP {pid}")) await stop.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() =>
        {
            bench.Api.Jobs.Clock.Advance(TimeSpan.FromSeconds(1));
            return bench.Server.ProcessId is { } now && now != pid;
        }, "another process takes connections");
        Assert.Equal(0, (await bench.RunAsync("exit 0\n")).Code);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Start_LibSshIsTooOld_IsOffWithThatReason()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "Package: libssh-4\nStatus: install ok installed\nVersion: 0.10.6-0+deb12u2\n", TestContext.Current.CancellationToken);
        await using ApiBench api = await ApiBench.StartAsync(changeSsh: options => options with { PackageStatus = file });
        SshServer server = api.Get<SshServer>();
        await server.StartAsync(TestContext.Current.CancellationToken);
        Assert.Null(server.Address);
        Assert.Null(server.ProcessId);
        Assert.Contains(api.Jobs.Log.Lines, line => line.StartsWith("Warning: There is no SSH into jobs: libssh-4 0.10.6-0+deb12u2 has faults", StringComparison.Ordinal));
        await server.StopAsync(TestContext.Current.CancellationToken);
        File.Delete(file);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task SshProcess_HasNothingOfTheHosts()
    {
        await using SshBench bench = await SshBench.StartAsync();
        string proc = $"/proc/{bench.Server.ProcessId}";
        string[] status = await File.ReadAllLinesAsync(proc + "/status", TestContext.Current.CancellationToken);
        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.Contains("Seccomp:\t2", status);
        Assert.Contains("CapEff:\t0000000000000000", status);
    }
}
