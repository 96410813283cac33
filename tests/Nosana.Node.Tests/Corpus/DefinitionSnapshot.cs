using System.Text;
using Docker.DotNet.Models;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Placeholders;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Jobs.Admission;
using Nosana.Node.Jobs.Hooks;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Tests.Support;

namespace Nosana.Node.Tests.Corpus;

/// <summary>What this host makes of a definition, as text: why it is refused, or what the engine is asked for, a paragraph an operation.</summary>
internal static class DefinitionSnapshot
{
    public static string Of(string file, byte[] content)
    {
        var text = new StringBuilder();
        LoadedDefinition loaded = DefinitionLoader.LoadFile(file, content);
        if (!loaded.IsValid) return Refused(text, "invalid", loaded.Errors);
        if (!loaded.CanRun) return Refused(text, "cannot run", loaded.Faults);
        Definition definition = loaded.Definition;
        if (MissingSupport.Of(definition) is { } missing) Line(text, "refused", missing);
        if (definition.Ops.Count == 0) Line(text, "operations", "none");
        using var job = new SampleJob(definition, loaded.Plan);
        foreach (Operation op in definition.Ops)
        {
            using OpContext context = job.Start(op);
            Describe(text, context);
        }
        return text.ToString();
    }

    private static string Refused(StringBuilder text, string why, IReadOnlyList<DefinitionFault> faults)
    {
        Line(text, "refused", why);
        foreach (DefinitionFault fault in faults) text.Append("  ").Append(fault).Append('\n');
        return text.ToString();
    }

    private static void Describe(StringBuilder text, OpContext op)
    {
        if (text.Length > 0) text.Append('\n');
        text.Append(op.Operation.Id).Append('\n');
        try
        {
            if (op.Operation.Type == OperationType.ContainerCreateVolume)
            {
                Line(text, "  volume", op.Job.VolumeName(PlaceholderResolver.ResolveCreateVolume(op.Operation, op.Job.Scope()).Name));
                return;
            }
            op.Args = PlaceholderResolver.ResolveRun(op.Job.Request.Definition, op.Operation, op.Job.Scope());
            Line(text, "  pull", ImageReference.Parse(op.Args.Image).Canonical);
            foreach (Resource resource in op.Args.Resources) Line(text, "  fetch", Source(resource));
            // The cache draws the names of its volumes by chance.
            op.ResourceMounts = [.. op.Args.Resources.Select((resource, index) => FetchResources.MountOf(resource, FetchResources.IsOwn(resource) ? op.Job.ResourceVolumeName(op.Index, index) : $"cache-{index}"))];
            Describe(text, ContainerSpecWriter.Write(ContainerDriver.SpecOf(op), new HardeningProfile()));
            if (op.Args.Expose.Count > 0) Line(text, "  ports", Json(op.Args.Expose.Select(port => port.Port)));
        }
        catch (PlaceholderException e)
        {
            Line(text, "  refused", $"{e.Path}: {e.Message}");
        }
        catch (Exception e) when (e is EngineException or ResourceException)
        {
            Line(text, "  refused", e.Message);
        }
    }

    /// <summary>The part of a create request that follows from the definition; the rest is the hardening profile's, the same for all.</summary>
    private static void Describe(StringBuilder text, CreateContainerParameters request)
    {
        HostConfig host = request.HostConfig!;
        (string network, EndpointSettings endpoint) = Assert.Single(request.NetworkingConfig!.EndpointsConfig!);
        Assert.Equal(network, host.NetworkMode);
        Line(text, "  name", request.Name!);
        Line(text, "  image", request.Image!);
        if (request.Entrypoint is not null) Line(text, "  entrypoint", Json(request.Entrypoint));
        if (request.Cmd is not null) Line(text, "  cmd", Json(request.Cmd));
        foreach (string variable in request.Env!) Line(text, "  env", Json(variable));
        if (request.WorkingDir.Length > 0) Line(text, "  workdir", request.WorkingDir);
        foreach (Mount mount in host.Mounts!) Line(text, "  mount", $"{mount.Type} {mount.Source} at {mount.Target}{(mount.ReadOnly == true ? " read-only" : "")}");
        Line(text, "  network", network);
        if (endpoint.Aliases is not null) Line(text, "  aliases", Json(endpoint.Aliases));
        if (host.DeviceRequests is not null) Line(text, "  devices", Json(host.DeviceRequests));
        Line(text, "  restart", Json(host.RestartPolicy));
    }

    private static string Source(Resource resource) => resource switch
    {
        S3Resource { Buckets: { Count: > 0 } buckets } => "S3 " + Json(buckets),
        S3Resource s3 => $"{Place(S3Location.Parse(s3.Url, s3.Bucket, s3.Iam, new MirrorMap([])))} {Json(s3.Files)}",
        HuggingFaceResource hub => $"Hugging Face {hub.Repo} {hub.Revision ?? "main"} {Json(hub.Files)}",
        OllamaResource ollama => $"Ollama {ollama.Model}",
        _ => throw new ArgumentOutOfRangeException(nameof(resource)),
    };

    private static string Place(S3Location location) => location switch
    {
        S3Location.Bucket bucket => $"bucket {bucket.Name} prefix '{bucket.Prefix}'",
        S3Location.PublicPrefix prefix => prefix.Url.AbsoluteUri,
        _ => throw new ArgumentOutOfRangeException(nameof(location)),
    };

    private static void Line(StringBuilder text, string key, string value) => text.Append(key.PadRight(14)).Append(value).Append('\n');

    private static string Json<T>(T value) => RequestText.OnOneLine(value);
}
