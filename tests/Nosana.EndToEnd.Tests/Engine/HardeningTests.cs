using Nosana.Node.Engine.Containers;

namespace Nosana.EndToEnd.Tests.Engine;

/// <summary>What a tenant finds when it looks around in its container, and what the same look finds with the protection off.</summary>
public sealed class HardeningTests : IAsyncLifetime
{
    /// <summary>CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, NET_BIND_SERVICE, SYS_CHROOT by their numbers in linux/capability.h.</summary>
    private const ulong AllowedCapabilities = (1 << 0) | (1 << 1) | (1 << 3) | (1 << 4) | (1 << 5) | (1 << 6) | (1 << 7) | (1 << 10) | (1 << 18);

    private TenantEngine _engine = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engine = await TenantEngine.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Capabilities_FromInside_AreTheShortList()
    {
        Dictionary<string, string> status = await StatusAsync(new HardeningProfile());
        Assert.Equal(AllowedCapabilities, Convert.ToUInt64(status["CapBnd"], 16));
        Assert.Equal(AllowedCapabilities, Convert.ToUInt64(status["CapEff"], 16));
    }

    [Fact]
    public async Task NoNewPrivileges_FromInside_IsSet()
    {
        Assert.Equal("1", (await StatusAsync(new HardeningProfile()))["NoNewPrivs"]);
        Assert.Equal("0", (await StatusAsync(new HardeningProfile { NoNewPrivileges = false }))["NoNewPrivs"]);
    }

    [Fact]
    public async Task Seccomp_FromInside_IsAFilter() => Assert.Equal("2", (await StatusAsync(new HardeningProfile()))["Seccomp"]);

    [Fact]
    public async Task PidsLimit_ForksBeyondIt_Fail()
    {
        const string Forks = "i=0; while [ $i -lt 60 ]; do sleep 30 & i=$((i+1)); done; echo all";
        (ContainerExit limited, string output) = await _engine.RunAsync(TenantEngine.Shell(await _engine.NewJobAsync(), Forks), new HardeningProfile { PidsLimit = 20 });
        Assert.NotEqual(0, limited.ExitCode);
        Assert.DoesNotContain("all", output, StringComparison.Ordinal);
        (ContainerExit free, _) = await _engine.RunAsync(TenantEngine.Shell(await _engine.NewJobAsync(), Forks), new HardeningProfile());
        Assert.Equal(0, free.ExitCode);
    }

    [Fact]
    public async Task SharedMemory_FromInside_IsFourGiB()
    {
        (_, string output) = await _engine.RunAsync(TenantEngine.Shell(await _engine.NewJobAsync(), "df -k /dev/shm | tail -1 | awk '{print $2}'"));
        Assert.Equal("4194304", output.Trim());
    }

    [Fact]
    public async Task Devices_MakingOne_IsNotPermitted()
    {
        const string Make = "mknod /tmp/disk b 8 0";
        (ContainerExit exit, _) = await _engine.RunAsync(TenantEngine.Shell(await _engine.NewJobAsync(), Make));
        Assert.NotEqual(0, exit.ExitCode);
        (ContainerExit control, _) = await _engine.RunAsync(
            TenantEngine.Shell(await _engine.NewJobAsync(), Make), new HardeningProfile { Capabilities = [.. new HardeningProfile().Capabilities, "MKNOD"] });
        Assert.Equal(0, control.ExitCode);
    }

    [Fact]
    public async Task Environment_GpuVariables_AreNotTheTenants()
    {
        string job = await _engine.NewJobAsync();
        (_, string output) = await _engine.RunAsync(TenantEngine.Shell(job, "echo $NVIDIA_VISIBLE_DEVICES $MINE") with
        {
            Environment = new Dictionary<string, string> { ["NVIDIA_VISIBLE_DEVICES"] = "all", ["MINE"] = "kept" },
        });
        Assert.Equal("void kept\n", output);
    }

    [Fact]
    public async Task Networks_TwoJobs_CannotReachEachOther()
    {
        string job = await _engine.NewJobAsync(), stranger = await _engine.NewJobAsync();
        string server = await _engine.StartAsync(TenantEngine.Shell(job, "while true; do echo secret | nc -l -p 8080; done") with { Aliases = ["db"] });
        string address = (await _engine.Runtime.InspectAsync(server, job, Token)).IPAddress!;
        // The same job finds it, by its alias too; so it listens, and the stranger's failure is the network's doing.
        const string Ask = "i=0; while [ $i -lt 20 ]; do nc -w 2 HOST 8080 < /dev/null && exit 0; i=$((i+1)); sleep 0.2; done; exit 1";
        foreach (string host in (string[])["db", address])
        {
            (ContainerExit own, string heard) = await _engine.RunAsync(
                TenantEngine.Shell(job, Ask.Replace("HOST", host, StringComparison.Ordinal)) with { Name = $"{job}-{host}" });
            Assert.Equal((0, "secret"), (own.ExitCode, heard.Split('\n').First(line => line.Length > 0)));
        }
        (ContainerExit foreign, string nothing) = await _engine.RunAsync(TenantEngine.Shell(stranger, $"nc -w 2 {address} 8080 < /dev/null"));
        Assert.NotEqual(0, foreign.ExitCode);
        Assert.DoesNotContain("secret", nothing, StringComparison.Ordinal);
        (ContainerExit byName, _) = await _engine.RunAsync(TenantEngine.Shell(stranger, "nc -w 2 db 8080 < /dev/null") with { Name = $"{stranger}-1" });
        Assert.NotEqual(0, byName.ExitCode);
    }

    private async Task<Dictionary<string, string>> StatusAsync(HardeningProfile profile)
    {
        (ContainerExit exit, string output) = await _engine.RunAsync(TenantEngine.Spec(await _engine.NewJobAsync(), "cat", "/proc/self/status"), profile);
        Assert.Equal(0, exit.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim());
    }
}
