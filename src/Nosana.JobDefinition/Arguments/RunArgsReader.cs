using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Arguments;

/// <summary>Resolved arguments of a <c>container/run</c> as typed ones, with the definition's defaults.</summary>
internal sealed class RunArgsReader(string path)
{
    private const string JobVariable = "NOSANA_ID";

    public ContainerRunArgs Read(JsonObject args, GlobalDefaults? global, string job)
    {
        var root = new ArgumentNode(args, path);
        List<string>? entrypoint = TextOrWords(root.Member("entrypoint"));
        string? workDir = root.Member("work_dir").Text();
        return new ContainerRunArgs
        {
            Image = root.Member("image").RequiredText(),
            Cmd = Command(root.Member("cmd")),
            Entrypoint = entrypoint is { Count: > 0 } ? entrypoint : global?.Entrypoint is { Count: > 0 } shared ? shared : null,
            Env = Environment(root.Member("env"), global, job),
            WorkDir = !string.IsNullOrEmpty(workDir) ? workDir : string.IsNullOrEmpty(global?.WorkDir) ? null : global.WorkDir,
            Gpu = root.Member("gpu").Flag() || global?.Gpu == true,
            Volumes = [.. root.Member("volumes").Items().Select(v => new VolumeMount(v.Member("name").RequiredText(), v.Member("dest").RequiredText()))],
            Expose = ExposeReader.Read(root.Member("expose")),
            Aliases = Aliases(root.Member("aliases")),
            Resources = [.. root.Member("resources").Items().Select(ResourceReader.Read)],
            Authentication = Authentication(root.Member("authentication")),
            RestartPolicy = Restart(root.Member("restart_policy")),
        };
    }

    private static CommandLine? Command(ArgumentNode cmd) =>
        cmd.IsAbsent ? null : cmd.Kind == JsonValueKind.Array ? CommandLine.Exec(cmd.Words()) : CommandLine.Shell(JsonTree.PlainText(cmd.Node));

    /// <summary>One text is one word (an empty one none), never split.</summary>
    private static List<string>? TextOrWords(ArgumentNode node)
    {
        if (node.Kind == JsonValueKind.Array) return node.Words();
        return node.Text() is { Length: > 0 } text ? [text] : null;
    }

    private static Dictionary<string, string> Environment(ArgumentNode env, GlobalDefaults? global, string job)
    {
        var merged = new Dictionary<string, string>(global?.Env ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach ((string key, string value) in env.Map()) merged[key] = value;
        merged[JobVariable] = job;
        return merged;
    }

    private static List<string> Aliases(ArgumentNode node)
    {
        IEnumerable<string> names = node.Kind == JsonValueKind.Array ? node.Words() : (node.Text() ?? "").Split(',');
        return [.. names.Select(n => n.Trim()).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    private static DockerAuthentication? Authentication(ArgumentNode node)
    {
        if (node.IsAbsent || node.Member("docker") is not { IsAbsent: false } docker) return null;
        return new DockerAuthentication(
            docker.Member("username").Text(), docker.Member("password").Text(), docker.Member("email").Text(), docker.Member("server").Text());
    }

    private static RestartPolicy? Restart(ArgumentNode node)
    {
        if (node.IsAbsent) return null;
        if (node.Kind != JsonValueKind.Object) return new RestartPolicy(Kind(node));
        double tries = node.Member("restart_tries").Number() ?? 0;
        // The official host takes 0 for none.
        return new RestartPolicy(Kind(node.Member("policy")), tries >= 1 ? (int)Math.Min(tries, int.MaxValue) : null);
    }

    private static RestartPolicyKind Kind(ArgumentNode node) =>
        node.Text() switch
        {
            "no" => RestartPolicyKind.No,
            "always" => RestartPolicyKind.Always,
            "unless-stopped" => RestartPolicyKind.UnlessStopped,
            "on-failure" => RestartPolicyKind.OnFailure,
            _ => throw node.Refuse("one of \"no\", \"always\", \"unless-stopped\", \"on-failure\""),
        };
}
