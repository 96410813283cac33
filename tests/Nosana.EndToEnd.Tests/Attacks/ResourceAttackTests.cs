using Nosana.Node.Engine.Containers;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>To use up the machine: processes, memory, CPU, disk, handles. Every bomb here is a small one, with a small limit.</summary>
public sealed class ResourceAttackTests : AttackClass
{
    [Fact]
    public Task ForkBomb_BeyondThePidsLimit_Fails() => Tenant.FailsAsync(
        "i=0; while [ $i -lt 60 ]; do sleep 20 & i=$((i+1)); done", new HardeningProfile { PidsLimit = 20 }, new HardeningProfile());

    [Fact]
    public Task MemoryBomb_BeyondTheShare_IsEnded() => Tenant.FailsAsync(
        "head -c 120000000 /dev/zero | tail -c 120000000 | wc -c | grep -q 120000000", new HardeningProfile { MemoryBytes = 32L << 20 }, new HardeningProfile());

    [Fact]
    public Task MemoryBomb_InSharedMemory_IsEnded() => Tenant.FailsAsync(
        "dd if=/dev/zero of=/dev/shm/x bs=1M count=100", new HardeningProfile { MemoryBytes = 32L << 20 }, new HardeningProfile());

    [Fact]
    public Task SharedMemory_BeyondItsSize_IsFull() => Tenant.FailsAsync(
        "dd if=/dev/zero of=/dev/shm/x bs=1M count=32", new HardeningProfile { ShmBytes = 16L << 20 }, new HardeningProfile());

    [Fact]
    public Task Cpu_BeyondTheShare_IsNotGiven() => Tenant.FailsAsync(
        // Quota and period in microseconds, as either version of control groups says them.
        "[ \"$(cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null | cut -d' ' -f1)\" != 50000 ]",
        new HardeningProfile { NanoCpus = 500_000_000 }, new HardeningProfile());

    [Fact]
    public Task Handles_BeyondTheLimit_AreNotGiven() => Tenant.FailsAsync(
        "i=3; while [ $i -lt 100 ]; do eval \"exec $i</dev/null\" || exit 1; i=$((i+1)); done",
        new HardeningProfile { OpenFiles = 32 }, new HardeningProfile { OpenFiles = 256 });

    [Fact]
    public async Task LogFlood_WithoutNewline_IsBoundedOnDisk()
    {
        const long Limit = 4L << 20;
        const int Bytes = 24 << 20;
        ContainerSpec spec = Tenant.Spec($"head -c {Bytes} /dev/zero | tr '\\0' x");
        (Tenant.Outcome guarded, Tenant.Outcome open) = await Tenant.BothAsync(
            spec, new HardeningProfile { LogBytes = Limit }, control => control.HostConfig!.LogConfig!.Config = new Dictionary<string, string>());
        Assert.Equal((0, 0), (guarded.ExitCode, open.ExitCode));
        // One entry may go over the size at which the engine begins another file; an entry has at most 16 KiB of output, and its frame.
        Assert.InRange(await LogSizeAsync(guarded.Id), 1, Limit + (1 << 20));
        Assert.InRange(await LogSizeAsync(open.Id), Bytes, long.MaxValue);
    }

    private async Task<long> LogSizeAsync(string id)
    {
        string path = (await Tenant.Client.InspectContainerAsync(id, Token)).LogPath;
        return new DirectoryInfo(Path.GetDirectoryName(path)!).EnumerateFiles(Path.GetFileName(path) + "*").Sum(file => file.Length);
    }
}
