using Docker.DotNet.Models;
using ContainerSpec = Nosana.Node.Engine.Containers.ContainerSpec;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>Out of the container through the machine's kernel: devices, /proc, capabilities, system calls, control groups.</summary>
public sealed class KernelAttackTests : AttackClass
{
    [Fact]
    public async Task Kcore_Read_IsMasked()
    {
        // A masked file is the null device. Kernels without kcore have another file of the same list.
        string file = File.Exists("/proc/kcore") ? "/proc/kcore" : "/proc/timer_list";
        await Tenant.FailsAsync($"[ -f {file} ]", control => control.HostConfig!.MaskedPaths = []);
        Assert.Contains("/proc/kcore", (await HostConfigAsync()).MaskedPaths!);
    }

    [Fact]
    public Task Keyring_ListOfTheMachinesKeys_IsMasked() => Tenant.FailsAsync("grep -q . /proc/keys", control => control.HostConfig!.MaskedPaths = []);

    [Fact]
    public async Task Sysrq_OpenedForWriting_IsReadOnly()
    {
        // Opened, never written: a byte there would act on the machine itself. Kernels without it have another file of the same list.
        string file = File.Exists("/proc/sysrq-trigger") ? "/proc/sysrq-trigger" : "/proc/irq/default_smp_affinity";
        await Tenant.FailsAsync($": >> {file}", control => control.HostConfig!.ReadonlyPaths = []);
        Assert.Contains("/proc/sysrq-trigger", (await HostConfigAsync()).ReadonlyPaths!);
    }

    [Fact]
    public Task KernelSettings_OpenedForWriting_AreReadOnly() =>
        Tenant.FailsAsync(": >> /proc/sys/kernel/core_pattern", control => control.HostConfig!.ReadonlyPaths = []);

    [Fact]
    public Task Device_MadeWithMknod_IsNotPermitted() => Tenant.FailsAsync(
        "mknod /tmp/disk b 8 0", new HardeningProfile(), With("MKNOD"));

    // The kernel's log stands for a disk: it is there on every machine, and opening it does no harm.
    [Fact]
    public Task Device_NodeMadeByTheTenant_CannotBeOpened() => Tenant.FailsAsync(
        "mknod /tmp/device c 1 11 && : < /tmp/device", control => control.HostConfig!.DeviceCgroupRules = ["c 1:11 r"], With("MKNOD", "SYSLOG"));

    [Fact]
    public Task Device_NodesOfTheMachine_AreAbsent() => Tenant.FailsAsync(
        "[ -e /dev/kmsg ] || [ -e /dev/mem ]",
        control => control.HostConfig!.Devices = [new DeviceMapping { PathOnHost = "/dev/kmsg", PathInContainer = "/dev/kmsg", CgroupPermissions = "r" }]);

    [Fact]
    public Task KernelLog_Read_IsNotPermitted() => Tenant.FailsAsync("dmesg > /dev/null", new HardeningProfile(), With("SYSLOG"));

    [Fact]
    public Task RawSocket_ForgedArp_IsNotPermitted() => Tenant.FailsAsync(
        "arping -c 1 -w 5 -I eth0 $(ip route | awk '/default/ { print $3 }')", new HardeningProfile(), With("NET_RAW"));

    [Fact]
    public Task Mount_OfAFileSystem_IsNotPermitted() => Tenant.FailsAsync("mkdir -p /mnt && mount -t tmpfs none /mnt", Allow("SYS_ADMIN"));

    [Fact]
    public Task Hostname_Changed_IsNotPermitted() => Tenant.FailsAsync("hostname pwned", Allow("SYS_ADMIN"));

    [Fact]
    public Task Network_Reconfigured_IsNotPermitted() => Tenant.FailsAsync("ip address add 10.66.0.1/24 dev eth0", Allow("NET_ADMIN"));

    [Fact]
    public Task UserNamespace_Made_IsRefusedBySeccomp() => Tenant.FailsAsync(
        "unshare -U true", control => control.HostConfig!.SecurityOpt = ["no-new-privileges", "seccomp=unconfined"]);

    [Fact]
    public Task Setuid_CopyOfAShell_GivesNothing() => Tenant.FailsAsync(
        """
        echo n:x:65534:65534::/:/bin/sh >> /etc/passwd
        cp /bin/bash /tmp/root && chmod 4755 /tmp/root && su n -c '/tmp/root -p -c "[ \$EUID = 0 ]"'
        """,
        new HardeningProfile(), new HardeningProfile { NoNewPrivileges = false });

    [Fact]
    public Task Processes_OfTheMachine_AreOutOfSight() =>
        Tenant.FailsAsync("cat /proc/[0-9]*/comm | grep -q dockerd", control => control.HostConfig!.PidMode = "host");

    [Fact]
    public async Task Processes_OfAnotherJob_KeepTheirSecrets()
    {
        string other = await Tenant.Engine.NewJobAsync();
        string victim = await Tenant.Engine.StartAsync(Tenant.Spec("sleep 60", other) with { Environment = new Dictionary<string, string> { ["VICTIM"] = "s3cr3t" } });
        await Tenant.FailsAsync("cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -q VICTIM=s3cr3t", control => control.HostConfig!.PidMode = $"container:{victim}");
    }

    [Fact]
    public Task Memory_SharedWithTheMachine_IsItsOwn() => Tenant.FailsAsync(
        "[ $(readlink /proc/self/ns/ipc) = " + Namespace("ipc") + " ]", control =>
        {
            control.HostConfig!.IpcMode = "host";
            control.HostConfig.ShmSize = 0;
        });

    [Fact]
    public Task ControlGroup_Made_IsReadOnly() => Tenant.FailsAsync(
        "d=/sys/fs/cgroup/pids; [ -d $d ] || d=/sys/fs/cgroup; mkdir $d/nosana-attack && rmdir $d/nosana-attack",
        control => control.HostConfig!.Binds = ["/sys/fs/cgroup:/sys/fs/cgroup"]);

    [Fact]
    public async Task OomScore_Lowered_IsNotPermitted()
    {
        const string Lower = "echo -900 > /proc/self/oom_score_adj; [ $(cat /proc/self/oom_score_adj) -lt 500 ]";
        await Tenant.FailsAsync(Lower, new HardeningProfile(), new HardeningProfile { OomScoreAdjust = 0 });
    }

    [Fact]
    public Task CoreFiles_LimitRaised_IsNotPermitted() => Tenant.FailsAsync("ulimit -c 1000 && [ $(ulimit -c) != 0 ]", control => control.HostConfig!.Ulimits = []);

    [Fact]
    public Task WorkingDirectory_HandleOfTheRuntime_IsRefused() => RefusedDirectoryAsync("/proc/self/fd/7");

    [Theory]
    [InlineData("/proc/1/root")]
    [InlineData("/app/../../../..")]
    [InlineData("/./proc/self/cwd")]
    public Task WorkingDirectory_PathTrick_IsRefused(string path) => RefusedDirectoryAsync(path);

    private async Task RefusedDirectoryAsync(string path)
    {
        ContainerSpec spec = Tenant.Spec("true") with { WorkingDirectory = path };
        var refused = await Assert.ThrowsAsync<EngineException>(() => Tenant.RunAsync(spec));
        Assert.Equal(EngineFault.InvalidContainer, refused.Fault);
        // The engine itself takes such a path: it makes the container all the same.
        CreateContainerParameters parameters = ContainerSpecWriter.Write(spec with { WorkingDirectory = null }, new HardeningProfile());
        parameters.WorkingDir = path;
        Assert.NotEmpty((await Tenant.Client.CreateContainerAsync(parameters, Token)).ID);
    }

    private static HardeningProfile With(params string[] capabilities) => new() { Capabilities = [.. new HardeningProfile().Capabilities, .. capabilities] };

    // Where the machine has AppArmor, its profile forbids a mount, too.
    private static Action<CreateContainerParameters> Allow(string capability) => control =>
    {
        control.HostConfig!.CapAdd!.Add(capability);
        control.HostConfig.SecurityOpt = ["no-new-privileges", "apparmor=unconfined"];
    };

    /// <summary>What the engine made of the profile.</summary>
    private async Task<HostConfig> HostConfigAsync()
    {
        Tenant.Outcome ended = await Tenant.RunAsync(Tenant.Spec("true"));
        return (await Tenant.Client.InspectContainerAsync(ended.Id, Token)).HostConfig!;
    }

    private static string Namespace(string kind) => File.ResolveLinkTarget($"/proc/self/ns/{kind}", returnFinalTarget: false) is { } link ? $"'{link.Name}'" : throw new InvalidOperationException($"no namespace {kind}");
}
