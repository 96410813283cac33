using System.Net;
using Nosana.Docker;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;

namespace Nosana.Node.Tests.Engine;

/// <summary>
/// Messages of engines. Recorded from Docker 20.10.24: unknown manifest, illegal reference and tag, no such host, refused connection, command,
/// user and working directory, volume name, memory, name conflict, device driver, storage option. The others (credentials, rate limits, broken
/// transfers, full disk, other engines) are as they are known from those engines' sources and users, and not recorded.
/// </summary>
public sealed class EngineFaultClassifierTests
{
    [Theory]
    [InlineData(404, "manifest for 127.0.0.1:5000/nosuch/image:1 not found: manifest unknown: manifest unknown", nameof(EngineFault.ImageNotFound))]
    [InlineData(404, "manifest unknown: manifest unknown", nameof(EngineFault.ImageNotFound))]
    [InlineData(404, "no matching manifest for linux/arm64/v8 in the manifest list entries", nameof(EngineFault.ImageNotFound))]
    [InlineData(404, "failed to resolve reference \"docker.io/library/x:1\": docker.io/library/x:1: not found", nameof(EngineFault.ImageNotFound))]
    [InlineData(404, "pull access denied for x/y, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", nameof(EngineFault.ImageDenied))]
    [InlineData(500, "Get \"http://127.0.0.1:5000/v2/x/manifests/1\": no basic auth credentials", nameof(EngineFault.ImageDenied))]
    [InlineData(500, "unauthorized: authentication required", nameof(EngineFault.ImageDenied))]
    [InlineData(400, "invalid reference format: repository name must be lowercase", nameof(EngineFault.InvalidReference))]
    [InlineData(400, "invalid tag format", nameof(EngineFault.InvalidReference))]
    [InlineData(500, "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host", nameof(EngineFault.RegistryUnavailable))]
    [InlineData(500, "Get \"http://127.0.0.1:5999/v2/\": dial tcp 127.0.0.1:5999: connect: connection refused", nameof(EngineFault.RegistryUnavailable))]
    [InlineData(500, "Get \"https://x/v2/\": net/http: TLS handshake timeout", nameof(EngineFault.RegistryUnavailable))]
    [InlineData(500, "toomanyrequests: You have reached your pull rate limit.", nameof(EngineFault.RegistryUnavailable))]
    [InlineData(500, "received unexpected HTTP status: 503 Service Unavailable", nameof(EngineFault.RegistryUnavailable))]
    [InlineData(500, "unexpected EOF", nameof(EngineFault.RegistryUnavailable))]
    [InlineData(500, "Get \"http://127.0.0.1:5000/v2/\": EOF", nameof(EngineFault.RegistryUnavailable))]
    [InlineData(500, "filesystem layer verification failed for digest sha256:aa", nameof(EngineFault.RegistryUnavailable))]
    [InlineData(500, "failed to register layer: Error processing tar file(exit status 1): write /big: no space left on device", nameof(EngineFault.NoSpace))]
    [InlineData(500, "something new", nameof(EngineFault.Other))]
    public void OfPull_RecordedMessage_IsItsKind(int status, string message, string expected) =>
        Assert.Equal(expected, EngineFaultClassifier.OfPull(new DockerApiException((HttpStatusCode)status, message), "x:1").Fault.ToString());

    [Theory]
    [InlineData(400, "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"nosuchcmd\": executable file not found in $PATH: unknown", nameof(EngineFault.CommandCannotStart))]
    [InlineData(400, "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"/etc\": permission denied: unknown", nameof(EngineFault.CommandCannotStart))]
    [InlineData(500, "unable to find user nosuchuser: no matching entries in passwd file", nameof(EngineFault.CommandCannotStart))]
    [InlineData(500, "Cannot mkdir: /bin/busybox is not a directory", nameof(EngineFault.CommandCannotStart))]
    [InlineData(400, "No command specified", nameof(EngineFault.CommandCannotStart))]
    [InlineData(400, "the working directory 'rel/dir' is invalid, it needs to be an absolute path", nameof(EngineFault.InvalidContainer))]
    [InlineData(400, "Minimum memory limit allowed is 6MB", nameof(EngineFault.InvalidContainer))]
    [InlineData(400, "create ../x: \"../x\" includes invalid characters for a local volume name", nameof(EngineFault.InvalidContainer))]
    [InlineData(409, "Conflict. The container name \"/x\" is already in use by container \"e0b3\". You have to remove (or rename) that container to be able to reuse that name.", nameof(EngineFault.NameTaken))]
    [InlineData(500, "could not select device driver \"\" with capabilities: [[gpu]]", nameof(EngineFault.GpuUnavailable))]
    [InlineData(500, "could not select device driver \"cdi\" with capabilities: []", nameof(EngineFault.GpuUnavailable))]
    [InlineData(500, "CDI device injection failed: unresolvable CDI devices nvidia.com/gpu=7", nameof(EngineFault.GpuUnavailable))]
    [InlineData(500, "failed to create task for container: OCI runtime create failed: unable to start container process: error during container init: error running hook #0: exit status 1, stderr: nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8: unknown", nameof(EngineFault.GpuUnavailable))]
    [InlineData(500, "mkdir /var/lib/docker/overlay2/x: no space left on device", nameof(EngineFault.NoSpace))]
    [InlineData(500, "--storage-opt is supported only for overlay over xfs with 'pquota' mount option", nameof(EngineFault.Other))]
    public void OfContainer_RecordedMessage_IsItsKind(int status, string message, string expected) =>
        Assert.Equal(expected, EngineFaultClassifier.OfContainer(new DockerApiException((HttpStatusCode)status, message), "Container x cannot be started").Fault.ToString());

    [Fact]
    public void OfContainer_EngineThatDoesNotAnswer_IsTheHosts()
    {
        EngineException exception = EngineFaultClassifier.OfContainer(
            new DockerUnavailableException(new Uri("unix:///x.sock"), "does not answer", "Start it"), "Container x cannot be made");
        Assert.Equal((EngineFault.EngineDown, FaultOwner.Host), (exception.Fault, exception.Owner));
        Assert.StartsWith("Container x cannot be made: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfContainer_ContainerThatIsGone_IsMissing() => Assert.Equal(EngineFault.ContainerMissing, EngineFaultClassifier.OfContainer(
        new DockerContainerNotFoundException(HttpStatusCode.NotFound, "No such container: x"), "Container x cannot be started").Fault);

    [Theory]
    [InlineData("No such image: nosuch-image:1")]
    [InlineData("sha256:5f70bf18a086: image not known")]
    [InlineData("network nosana-job not found")]
    [InlineData("unable to find network with name or ID nosana-job: network not found")]
    public void OfContainer_PartThatIsGone_IsTheHosts(string words)
    {
        EngineException exception = EngineFaultClassifier.OfContainer(new DockerContainerNotFoundException(HttpStatusCode.NotFound, words), "Container x cannot be made");
        Assert.Equal((EngineFault.PartMissing, FaultOwner.Host), (exception.Fault, exception.Owner));
    }

    [Fact]
    public void OfContainer_CommandNamedNetworkThatIsNotThere_IsTheDefinitions() => Assert.Equal(EngineFault.CommandCannotStart, EngineFaultClassifier.OfContainer(
        new DockerApiException(HttpStatusCode.BadRequest, "exec: \"network\": executable file not found in $PATH"), "Container x cannot be started").Fault);

    [Theory]
    [InlineData(nameof(EngineFault.ImageNotFound), nameof(FaultOwner.Definition))]
    [InlineData(nameof(EngineFault.CommandCannotStart), nameof(FaultOwner.Definition))]
    [InlineData(nameof(EngineFault.RegistryUnavailable), nameof(FaultOwner.Registry))]
    [InlineData(nameof(EngineFault.NoSpace), nameof(FaultOwner.Host))]
    [InlineData(nameof(EngineFault.GpuUnavailable), nameof(FaultOwner.Host))]
    [InlineData(nameof(EngineFault.Other), nameof(FaultOwner.Host))]
    public void OwnerOf_Fault_IsWhoMustAct(string fault, string owner) =>
        Assert.Equal(owner, EngineFaults.OwnerOf(Enum.Parse<EngineFault>(fault)).ToString());

    [Theory]
    [InlineData("[FATAL tini (7)] exec nosuchcmd failed: No such file or directory\n", "exec nosuchcmd failed: No such file or directory")]
    [InlineData("[FATAL tini (7)] exec /etc/passwd failed: Permission denied\n", "exec /etc/passwd failed: Permission denied")]
    [InlineData("ERROR (catatonit:2): failed to exec pid1: No such file or directory\n", "exec pid1: No such file or directory")]
    [InlineData("of the run before\n[FATAL tini (7)] exec nosuchcmd failed: No such file or directory\n", "exec nosuchcmd failed: No such file or directory")]
    [InlineData("[FATAL tini (7)] exec nosuchcmd failed: No such file or directory\nand after it\n", null)]
    [InlineData("told of [FATAL tini (7)] exec nosuchcmd failed: No such file or directory\n", null)]
    [InlineData("sh: nosuchcmd: not found\n", null)]
    [InlineData("", null)]
    public void InitMessage_LastWords_TellWhetherTheCommandStarted(string output, string? expected) => Assert.Equal(expected, InitMessage.Read(output));
}
