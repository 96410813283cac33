using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>At this machine's files and the engine itself: the socket, mounts, symbolic links, what a definition can ask for.</summary>
public sealed class HostAttackTests : AttackClass
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nosana-attack-").FullName;

    private string Secret => Path.Combine(_directory, "secret");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await File.WriteAllTextAsync(Secret, "of the machine", Token);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public Task EngineSocket_LookedFor_IsNotThere() => Tenant.FailsAsync(
        $"[ -S {Tenant.Socket} ] || [ -S /var/run/docker.sock ] || [ -S /run/docker.sock ] || [ -S /run/containerd/containerd.sock ]",
        control => control.HostConfig!.Binds = [$"{Tenant.Socket}:{Tenant.Socket}"]);

    [Fact]
    public Task File_OfTheMachine_IsNotThere() => Tenant.FailsAsync($"grep -q machine {Secret}", control => control.HostConfig!.Binds = [$"{_directory}:{_directory}"]);

    [Fact]
    public Task File_ThroughTheFirstProcess_IsNotThere() => Tenant.FailsAsync(
        $"grep -q machine /proc/1/root{Secret}", control =>
        {
            control.HostConfig!.PidMode = "host";
            foreach (string capability in (string[])["SYS_PTRACE", "SYS_ADMIN", "DAC_READ_SEARCH"]) control.HostConfig.CapAdd!.Add(capability);
            control.HostConfig.SecurityOpt = ["seccomp=unconfined", "apparmor=unconfined"];
        });

    [Fact]
    public async Task Symlink_InAVolume_LeadsIntoTheContainer()
    {
        string volume = $"{Tenant.Job}-links";
        await Tenant.Engine.Volumes.EnsureAsync(volume, TestLabels, Token);
        ContainerSpec spec = Tenant.Spec($"ln -sf {Secret} /vol/link; grep -q machine /vol/link") with { Mounts = [new VolumeMount(volume, "/vol")] };
        (Tenant.Outcome guarded, Tenant.Outcome open) = await Tenant.BothAsync(
            spec, new HardeningProfile(), control => control.HostConfig!.Binds = [$"{_directory}:{_directory}"]);
        Assert.NotEqual(0, guarded.ExitCode);
        Assert.Equal(0, open.ExitCode);
    }

    [Fact]
    public async Task Symlink_AsMountTarget_StaysInTheContainer()
    {
        // A first operation leaves a link out of its volume; a second one's mount goes through it.
        string links = $"{Tenant.Job}-outer", content = $"{Tenant.Job}-inner";
        await Tenant.Engine.Volumes.EnsureAsync(links, TestLabels, Token);
        await Tenant.Engine.Volumes.EnsureAsync(content, TestLabels, Token);
        VolumeMount outer = new(links, "/vol"), inner = new(content, "/vol/out");
        Tenant.Outcome linked = await Tenant.RunAsync(Tenant.Spec($"ln -s {_directory} /vol/out") with { Mounts = [outer] });
        Assert.Equal(0, linked.ExitCode);
        ContainerSpec through = Tenant.Spec("echo taken > /vol/out/secret && cat /vol/out/secret") with { Mounts = [outer, inner] };
        // Whether the engine refuses such a mount or follows the link inside the container, this machine's file is what it was.
        try
        {
            await Tenant.RunAsync(through);
        }
        catch (EngineException e)
        {
            Assert.NotEqual(EngineFault.EngineDown, e.Fault);
        }
        Assert.Equal("of the machine", await File.ReadAllTextAsync(Secret, Token));
        Tenant.Outcome control = await Tenant.RunRawAsync(
            Tenant.Spec("echo taken > /vol/out/secret") with { Mounts = [outer] }, new HardeningProfile(), parameters => parameters.HostConfig!.Binds = [$"{_directory}:{_directory}"]);
        Assert.Equal(0, control.ExitCode);
        Assert.Equal("taken\n", await File.ReadAllTextAsync(Secret, Token));
    }

    [Theory]
    [InlineData("DIRECTORY")]
    [InlineData("/")]
    [InlineData("../..")]
    [InlineData("a/../../../etc")]
    public async Task VolumeName_PathOfTheMachine_IsRefused(string name)
    {
        name = name.Replace("DIRECTORY", _directory, StringComparison.Ordinal);
        ContainerSpec spec = Tenant.Spec("grep -q machine /mnt/secret") with { Mounts = [new VolumeMount(name, "/mnt")] };
        Assert.Equal(EngineFault.InvalidContainer, (await Assert.ThrowsAsync<EngineException>(() => Tenant.RunAsync(spec))).Fault);
        // Asked without the writer, the engine takes an absolute name for a directory of this machine.
        Tenant.Outcome control = await Tenant.RunRawAsync(
            spec with { Mounts = [] }, new HardeningProfile(), parameters => parameters.HostConfig!.Binds = [$"{_directory}:/mnt"]);
        Assert.Equal(0, control.ExitCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/mnt/../..")]
    [InlineData("relative")]
    public async Task VolumeTarget_PathTrick_IsRefused(string target)
    {
        string volume = $"{Tenant.Job}-target";
        await Tenant.Engine.Volumes.EnsureAsync(volume, TestLabels, Token);
        ContainerSpec spec = Tenant.Spec("true") with { Mounts = [new VolumeMount(volume, target)] };
        Assert.Equal(EngineFault.InvalidContainer, (await Assert.ThrowsAsync<EngineException>(() => Tenant.RunAsync(spec))).Fault);
        Assert.Equal(0, (await Tenant.RunAsync(Tenant.Spec("true") with { Mounts = [new VolumeMount(volume, "/mnt/data")] })).ExitCode);
    }

    [Theory]
    [InlineData("""{"privileged": true}""")]
    [InlineData("""{"network": "host"}""")]
    [InlineData("""{"network_mode": "host"}""")]
    [InlineData("""{"pid": "host"}""")]
    [InlineData("""{"cap_add": ["SYS_ADMIN"]}""")]
    [InlineData("""{"devices": ["/dev/mem"]}""")]
    [InlineData("""{"security_opt": ["seccomp=unconfined"]}""")]
    [InlineData("""{"binds": ["/:/mnt"]}""")]
    [InlineData("""{"labels": {"com.nosana.job": "another"}}""")]
    [InlineData("""{"name": "another-job-0"}""")]
    [InlineData("""{"volumes": [{"name": "x", "dest": "/mnt", "type": "bind", "source": "/"}]}""")]
    public async Task Definition_FieldThatLoosens_IsRefused(string field)
    {
        Assert.Equal((1, 0), (await ValidateAsync(JsonNode.Parse(field)!.AsObject()), await ValidateAsync([])));
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("../../etc")]
    public async Task Definition_VolumeNamedLikeAPath_NeverRuns(string name)
    {
        var mount = new JsonObject { ["volumes"] = new JsonArray(new JsonObject { ["name"] = name, ["dest"] = "/mnt" }) };
        (int code, string text) = await RunAsync(mount, "cat /mnt/passwd");
        Assert.NotEqual(0, code);
        Assert.DoesNotContain("root:", text, StringComparison.Ordinal);
        mount["volumes"]![0]!["name"] = "data";
        (code, text) = await RunAsync(mount, "cp /etc/passwd /mnt/passwd; cat /mnt/passwd");
        Assert.Equal(0, code);
        Assert.Contains("root:", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Environment_GpuVariables_GiveNoGpus()
    {
        ContainerSpec spec = Tenant.Spec("[ \"$NVIDIA_VISIBLE_DEVICES\" = all ] && [ \"$NVIDIA_DRIVER_CAPABILITIES\" = all ]") with
        {
            Environment = new Dictionary<string, string> { ["NVIDIA_VISIBLE_DEVICES"] = "all", ["nvidia_visible_devices"] = "all", ["NVIDIA_DRIVER_CAPABILITIES"] = "all" },
        };
        (Tenant.Outcome guarded, Tenant.Outcome open) = await Tenant.BothAsync(
            spec, new HardeningProfile(), control => control.Env = ["NVIDIA_VISIBLE_DEVICES=all", "NVIDIA_DRIVER_CAPABILITIES=all"]);
        Assert.NotEqual(0, guarded.ExitCode);
        Assert.Equal(0, open.ExitCode);
    }

    private Dictionary<string, string> TestLabels => Nosana.EndToEnd.Tests.Engine.TenantEngine.Labels(Tenant.Job);

    private async Task<int> ValidateAsync(JsonObject extra) =>
        (await NodeProcess.RunAsync(_directory, "validate", await WriteAsync(extra, "true"))).ExitCode;

    [Theory]
    [InlineData("/tmp/file")]
    [InlineData("/data/file")]
    public async Task Disk_BeyondTheBudget_EndsTheOperation(string file)
    {
        var volume = new JsonObject { ["volumes"] = new JsonArray(new JsonObject { ["name"] = "data", ["dest"] = "/data" }) };
        string fill = $"dd if=/dev/zero of={file} bs=1M count=64 && i=0 && while [ $i -lt 20 ]; do sleep 1; i=$((i+1)); done; echo all of it";
        (int code, string text) = await RunAsync(volume, fill, "--disk", "32m");
        Assert.NotEqual(0, code);
        Assert.Contains("more than its budget of 33554432 bytes", text, StringComparison.Ordinal);
        Assert.DoesNotContain("all of it", text, StringComparison.Ordinal);
        (code, text) = await RunAsync(volume, fill, "--disk", "1g");
        Assert.Equal(0, code);
        Assert.Contains("all of it", text, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Text)> RunAsync(JsonObject extra, string line, params string[] options)
    {
        (int code, _, string text) = await NodeProcess.RunAsync(
            _directory, ["run", await WriteAsync(extra, line), "--docker", $"unix://{Tenant.Socket}", "--no-admission", .. options]);
        return (code, text);
    }

    private async Task<string> WriteAsync(JsonObject extra, string line)
    {
        JsonNode definition = JsonNode.Parse(Definitions.Shell(line))!;
        JsonObject arguments = definition["ops"]![0]!["args"]!.AsObject();
        foreach ((string key, JsonNode? value) in extra) arguments[key] = value?.DeepClone();
        string path = Path.Combine(_directory, $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(path, definition.ToJsonString(), Token);
        return path;
    }
}
