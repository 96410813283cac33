using System.Net;
using System.Text.RegularExpressions;
using Nosana.Docker;

namespace Nosana.Node.Engine;

/// <summary>
/// Reads an engine's errors. Engines tell kinds apart in words only (a missing registry and a full disk are both a status 500), so the
/// words are known here and nowhere else. Tried against Docker 20.10 and Podman 4.3; the words of newer engines are not tried yet.
/// </summary>
internal static partial class EngineFaultClassifier
{
    private static readonly (EngineFault Fault, string[] Words)[] Everywhere =
    [
        (EngineFault.NoSpace, ["no space left on device", "disk quota exceeded"]),
        (EngineFault.GpuUnavailable,
        [
            "could not select device driver", "nvidia-container-cli", "nvidia-container-runtime", "cdi device injection failed",
            "unresolvable cdi devices", "error running hook", "error running prestart hook", "error running createcontainer hook",
        ]),
    ];

    private static readonly (EngineFault Fault, string[] Words)[] OfPulls =
    [
        // Of what is on the engine; a registry has other words for what it has not.
        (EngineFault.PartMissing, ["no such image", "image not known"]),
        (EngineFault.InvalidReference, ["invalid reference format", "invalid tag format", "invalid checksum digest", "unsupported digest"]),
        (EngineFault.RegistryUnavailable,
        [
            "toomanyrequests", "too many requests", "dial tcp", "no such host", "connection refused", "connection reset", "i/o timeout",
            "tls handshake timeout", "deadline exceeded", "timeout exceeded", "request canceled", "unexpected eof", "received unexpected http status: 5",
            "status code 5",
            "service unavailable", "bad gateway", "gateway timeout", "x509:", "server gave http response to https client", "network is unreachable",
            "no route to host",
            "filesystem layer verification failed", "error parsing http", "temporary failure", "unexpected status", ": eof",
        ]),
        (EngineFault.ImageDenied,
        [
            "pull access denied", "unauthorized", "no basic auth credentials", "authentication required", "authorization failed",
            "insufficient_scope", "denied:", "access denied", "forbidden", "status code 401", "status code 403",
        ]),
        (EngineFault.ImageNotFound,
        [
            "manifest unknown", "name unknown", "not found", "no matching manifest", "repository does not exist", "does not exist",
            "unsupported media type", "mediatype", "no image found in manifest list",
        ]),
    ];

    private static readonly (EngineFault Fault, string[] Words)[] OfContainers =
    [
        (EngineFault.NameTaken, ["is already in use by"]),
        // An image is looked at and a network made before a container asks for them.
        (EngineFault.PartMissing, ["no such image", "image not known", "no such network", "network not found"]),
        (EngineFault.InvalidReference, ["invalid reference format"]),
        (EngineFault.CommandCannotStart,
        [
            "executable file not found", "invoke a command that was not found", "exec format error", "unable to find user", "unable to find group",
            "no matching entries in passwd",
            "no matching entries in group", "cannot mkdir", "chdir to cwd", "no command specified", "unable to start container process: exec",
            "starting container process caused: exec", "is a directory: unknown", "not a directory",
        ]),
    ];

    /// <summary>The fault of a failed pull.</summary>
    /// <param name="exception">What the client threw.</param>
    /// <param name="reference">The image.</param>
    /// <param name="names">Names that are the engine's alone, and what stands for each in the message.</param>
    public static EngineException OfPull(DockerException exception, string reference, params ReadOnlySpan<(string Own, string Shown)> names)
    {
        EngineFault fault = Find(exception, OfPulls) ?? exception switch
        {
            DockerApiException { StatusCode: HttpStatusCode.NotFound } => EngineFault.ImageNotFound,
            DockerApiException { StatusCode: HttpStatusCode.BadRequest } => EngineFault.InvalidReference,
            DockerApiException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => EngineFault.ImageDenied,
            DockerStreamException => EngineFault.EngineDown,
            _ => EngineFault.Other,
        };
        string words = Words(exception);
        foreach ((string own, string shown) in names) words = words.Replace(own, shown, StringComparison.Ordinal);
        return new EngineException(fault, $"Image {reference} cannot be pulled: {Reason.Of(words)}. {PullRemedy(fault)}", exception);
    }

    /// <summary>The fault of a failed request about a container, network or volume.</summary>
    /// <param name="exception">What the client threw.</param>
    /// <param name="action">What was to be done with what, for example <c>Container x cannot be started</c>.</param>
    public static EngineException OfContainer(DockerException exception, string action)
    {
        EngineFault fault = Find(exception, OfContainers) ?? exception switch
        {
            _ when MissingNetwork().IsMatch(Words(exception)) => EngineFault.PartMissing,
            DockerContainerNotFoundException => EngineFault.ContainerMissing,
            DockerApiException { StatusCode: HttpStatusCode.BadRequest } => EngineFault.InvalidContainer,
            DockerStreamException => EngineFault.EngineDown,
            _ => EngineFault.Other,
        };
        return new EngineException(fault, $"{action}: {Reason.Of(Words(exception))}. {ContainerRemedy(fault)}", exception);
    }

    private static EngineFault? Find(DockerException exception, (EngineFault Fault, string[] Words)[] kinds)
    {
        if (exception is DockerUnavailableException or DockerVersionException) return EngineFault.EngineDown;
        string text = Words(exception);
        foreach ((EngineFault fault, string[] words) in Everywhere.Concat(kinds))
        {
            if (words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))) return fault;
        }
        return null;
    }

    private static string Words(DockerException exception) =>
        (exception is DockerApiException api ? api.EngineMessage : exception.Message).TrimEnd('.', '\n', ' ');

    private static string PullRemedy(EngineFault fault) => fault switch
    {
        EngineFault.ImageNotFound => "Check the name and the tag, and that the image has this machine's platform.",
        EngineFault.ImageDenied => "Check the name, and give credentials that may read it.",
        EngineFault.InvalidReference => "Write it as [registry/]name[:tag][@digest], in lower case.",
        EngineFault.RegistryUnavailable => "The registry or the way to it is at fault; another try may help.",
        EngineFault.PartMissing => ContainerRemedy(fault),
        _ => HostRemedy(fault),
    };

    private static string ContainerRemedy(EngineFault fault) => fault switch
    {
        EngineFault.CommandCannotStart => "Check the command, the entrypoint, the user and the working directory against the image.",
        EngineFault.InvalidContainer => "Correct the value in the definition.",
        EngineFault.PartMissing => "It was there before: see who removes what containers are about to use, such as a prune by a timer.",
        EngineFault.InvalidReference => "Write it as [registry/]name[:tag][@digest], in lower case.",
        EngineFault.NameTaken => "Adopt or remove the container that has it.",
        EngineFault.ContainerMissing => "Somebody removed it; run the operation again.",
        _ => HostRemedy(fault),
    };

    private static string HostRemedy(EngineFault fault) => fault switch
    {
        EngineFault.NoSpace => "Free space on the disk of the engine's data directory.",
        EngineFault.EngineDown => "See that the engine runs and that its socket may be used.",
        EngineFault.GpuUnavailable => "See that the driver and the NVIDIA container toolkit are installed and that the engine knows them.",
        _ => "See the engine's own log.",
    };

    /// <summary>Docker's words where it starts a container.</summary>
    [GeneratedRegex(@"\bnetwork \S+ not found", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex MissingNetwork();
}
