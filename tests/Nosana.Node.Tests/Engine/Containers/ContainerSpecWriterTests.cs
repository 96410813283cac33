using Docker.DotNet.Models;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Tests.Support;
using ContainerSpec = Nosana.Node.Engine.Containers.ContainerSpec;

namespace Nosana.Node.Tests.Engine.Containers;

public sealed class ContainerSpecWriterTests
{
    private static readonly ContainerSpec Plain = new() { Name = "job-0", Image = "docker.io/library/ubuntu:latest", NetworkName = "job" };

    [Fact]
    public void Write_Defaults_AreTheHardenedOnes() => Assert.Equal("""
        {
          "Name": "job-0",
          "Env": [
            "NVIDIA_VISIBLE_DEVICES=void"
          ],
          "Image": "docker.io/library/ubuntu:latest",
          "StopTimeout": 10,
          "HostConfig": {
            "LogConfig": {
              "Type": "json-file",
              "Config": {
                "max-size": "268435456",
                "max-file": "2"
              }
            },
            "NetworkMode": "job",
            "RestartPolicy": {
              "Name": "no"
            },
            "CapAdd": [
              "CHOWN",
              "DAC_OVERRIDE",
              "FOWNER",
              "FSETID",
              "KILL",
              "NET_BIND_SERVICE",
              "SETGID",
              "SETUID",
              "SYS_CHROOT"
            ],
            "CapDrop": [
              "ALL"
            ],
            "CgroupnsMode": "private",
            "ExtraHosts": [
              "host.docker.internal:0.0.0.0",
              "host.containers.internal:0.0.0.0"
            ],
            "IpcMode": "private",
            "OomScoreAdj": 500,
            "SecurityOpt": [
              "no-new-privileges"
            ],
            "ShmSize": 4294967296,
            "PidsLimit": 8192,
            "Ulimits": [
              {
                "Name": "core"
              }
            ],
            "Init": true
          },
          "NetworkingConfig": {
            "EndpointsConfig": {
              "job": {}
            }
          }
        }
        """, Json(Plain, new HardeningProfile()));

    [Fact]
    public void Write_EverythingAsked_IsPassedOn()
    {
        CreateContainerParameters written = ContainerSpecWriter.Write(Plain with
        {
            Command = ["/bin/sh", "-c", "echo hi"],
            Entrypoint = ["/init"],
            Environment = new Dictionary<string, string> { ["A"] = "1=2", ["NOSANA_ID"] = "job" },
            WorkingDirectory = "/work",
            Mounts = [new VolumeMount("job-data", "/data"), new VolumeMount("cache", "/models", ReadOnly: true)],
            Aliases = ["db"],
            Gpus = GpuRequest.Devices(["GPU-1"]),
            Restart = new JobDefinition.Model.RestartPolicy(JobDefinition.Model.RestartPolicyKind.OnFailure, 3),
            Labels = new Dictionary<string, string> { [EngineLabels.Job] = "job" },
        }, new HardeningProfile { MemoryBytes = 1L << 30, NanoCpus = 500_000_000, StorageBytes = 5L << 30 });
        Assert.Equal("job-0", written.Name);
        Assert.Equal(["/bin/sh", "-c", "echo hi"], written.Cmd);
        Assert.Equal(["/init"], written.Entrypoint);
        Assert.Equal(["A=1=2", "NOSANA_ID=job"], written.Env);
        Assert.Equal("/work", written.WorkingDir);
        Assert.Equal(
            [("volume", "job-data", "/data", false), ("volume", "cache", "/models", true)],
            written.HostConfig!.Mounts!.Select(mount => (mount.Type!, mount.Source!, mount.Target!, mount.ReadOnly!.Value)));
        Assert.Equal(["db"], written.NetworkingConfig!.EndpointsConfig!["job"].Aliases!);
        Assert.Equal((RestartPolicyKind.OnFailure, 3L), (written.HostConfig.RestartPolicy!.Name, written.HostConfig.RestartPolicy.MaximumRetryCount));
        Assert.Equal((1L << 30, 1L << 30, 500_000_000L), (written.HostConfig.Memory, written.HostConfig.MemorySwap, written.HostConfig.NanoCPUs));
        Assert.Equal("5368709120", written.HostConfig.StorageOpt!["size"]);
        Assert.Equal("job", written.Labels![EngineLabels.Job]);
    }

    [Fact]
    public void Write_Gpus_AreAskedForByTheKeyThatEnginesRead()
    {
        DeviceRequest some = Request(GpuRequest.Devices(["GPU-1", "GPU-2"]), GpuInjection.DeviceRequest);
        Assert.Contains("\"DeviceIDs\":[\"GPU-1\",\"GPU-2\"]", RequestText.OnOneLine(some), StringComparison.Ordinal);
        Assert.Equal(0, some.Count);
        Assert.Equal([["gpu", "compute", "utility"]], some.Capabilities!);
        DeviceRequest all = Request(GpuRequest.All, GpuInjection.DeviceRequest);
        Assert.Equal(-1, all.Count);
        Assert.Null(all.DeviceIDs);
        DeviceRequest cdi = Request(GpuRequest.Devices(["GPU-1"]), GpuInjection.Cdi);
        Assert.Equal("cdi", cdi.Driver);
        Assert.Equal(["nvidia.com/gpu=GPU-1"], cdi.DeviceIDs!);
        Assert.Equal(EngineFault.GpuUnavailable, Assert.Throws<EngineException>(() => Request(GpuRequest.All, GpuInjection.None)).Fault);
    }

    [Theory]
    [InlineData("NVIDIA_VISIBLE_DEVICES")]
    [InlineData("nvidia_visible_devices")]
    [InlineData("NVIDIA_DRIVER_CAPABILITIES")]
    [InlineData("NVIDIA_IMEX_CHANNELS")]
    public void Write_VariableThatGrantsDevices_IsTakenOut(string name)
    {
        CreateContainerParameters written = ContainerSpecWriter.Write(
            Plain with { Environment = new Dictionary<string, string> { [name] = "all", ["NVIDIA_API_KEY"] = "k" } }, new HardeningProfile());
        Assert.Equal(["NVIDIA_API_KEY=k", "NVIDIA_VISIBLE_DEVICES=void"], written.Env);
    }

    [Theory]
    [InlineData("/", "/data")]
    [InlineData("/var/run/docker.sock", "/data")]
    [InlineData("../x", "/data")]
    [InlineData("", "/data")]
    [InlineData("a\n", "/data")]
    [InlineData("ok", "data")]
    [InlineData("ok", "/")]
    [InlineData("ok", "/a/../..")]
    public void Write_MountThatIsNoVolume_IsRefused(string volume, string target)
    {
        var exception = Assert.Throws<EngineException>(() => ContainerSpecWriter.Write(Plain with { Mounts = [new VolumeMount(volume, target)] }, new HardeningProfile()));
        Assert.Equal((EngineFault.InvalidContainer, FaultOwner.Definition), (exception.Fault, exception.Owner));
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("A=B", "x")]
    [InlineData("A", "x\0y")]
    public void Write_VariableThatIsNone_IsRefused(string name, string value) => Assert.Equal(EngineFault.InvalidContainer, Assert.Throws<EngineException>(
        () => ContainerSpecWriter.Write(Plain with { Environment = new Dictionary<string, string> { [name] = value } }, new HardeningProfile())).Fault);

    [Fact]
    public void Write_EmptyEntrypoint_RemovesTheImages() =>
        Assert.Equal([""], ContainerSpecWriter.Write(Plain with { Entrypoint = [] }, new HardeningProfile()).Entrypoint!);

    [Fact]
    public void Devices_None_IsNotTakenForAll() => Assert.Throws<ArgumentException>(() => GpuRequest.Devices([]));

    private static DeviceRequest Request(GpuRequest gpus, GpuInjection injection) => Assert.Single(
        ContainerSpecWriter.Write(Plain with { Gpus = gpus }, new HardeningProfile { GpuInjection = injection }).HostConfig!.DeviceRequests!);

    private static string Json(ContainerSpec spec, HardeningProfile profile) => RequestText.Indented(ContainerSpecWriter.Write(spec, profile));
}
