using System.Text;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Reading;

namespace Nosana.JobDefinition.Tests;

/// <summary>Small definitions for tests.</summary>
internal static class TestDefinitions
{
    /// <summary>A definition of that text; it must be valid.</summary>
    public static Definition Parse(string json)
    {
        DefinitionResult result = DefinitionReader.Read(Encoding.UTF8.GetBytes(json));
        Assert.True(result.IsValid, string.Join("; ", result.Errors));
        return result.Definition;
    }

    /// <summary>Operations (JSON, with commas) in a definition.</summary>
    public static Definition WithOps(string ops, string more = "") => Parse($$"""{"version":"0.1","type":"container","ops":[{{ops}}]{{more}}}""");

    /// <summary>One container/run of those argument members beside its image, if they have none.</summary>
    public static Definition WithArgs(string members, string more = "")
    {
        string image = members.Contains("\"image\"", StringComparison.Ordinal) ? "" : "\"image\":\"busybox\"" + (members.Length > 0 ? "," : "");
        return WithOps("{\"type\":\"container/run\",\"id\":\"me\",\"args\":{" + image + members + "}}", more);
    }

    /// <summary>The arguments without any check, as an operation of index 0.</summary>
    public static Operation UncheckedOp(string args) =>
        new() { Index = 0, Id = "me", Type = OperationType.ContainerRun, Args = new OperationArgs(Encoding.UTF8.GetBytes(args)) };
}
