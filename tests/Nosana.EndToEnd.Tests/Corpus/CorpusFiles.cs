namespace Nosana.EndToEnd.Tests.Corpus;

/// <summary>What the tests expect of each file of the public corpus: every file stands in exactly one of these lists.</summary>
internal static partial class CorpusFiles
{
    /// <summary>Files that need neither a GPU nor remote files: they run.</summary>
    public static IReadOnlyDictionary<string, ExpectedRun> Runnable { get; } = new Dictionary<string, ExpectedRun>
    {
        ["cli__count.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Ended("run-from-cli", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10")),
        // The first command is exec form: what follows its shell line are that shell's arguments, and it prints nothing.
        ["cli__job-definition.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Volume("create-volume"), ExpectedOp.Ended("run-from-cli"), ExpectedOp.Ended("run-from-cli-2", "Hello World", "/home")),
        ["cli__nginx.json"] = ExpectedRun.Expiring(15, ExpectedOp.Expired("nginx")),
        ["cli__private-docker.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Ended("hello-world", "hello world")),
        ["cli__restart-policy.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Failed("restart-policy-test", 1, null, [.. Enumerable.Repeat<string[]>(["Starting", "Natural exit"], 4).SelectMany(lines => lines)]) with { Restarts = 3 }),
        ["cli__yaml-nginx-multi-ops.yaml"] = ExpectedRun.Expiring(25, ExpectedOp.Expired("nginx-1", "run"), ExpectedOp.Expired("nginx-2", "run"), ExpectedOp.NotReached("nginx-3", "run2")),
        ["docs__sdk-hello-world-l19.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Ended("hello-world", "Hello Theoriq")),
        ["kit__examples-deployments-jobs-index-l19.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Ended("hello-world", "hello world")),
        ["kit__examples-deployments-jobs-index-l3.json"] = ExpectedRun.Expiring(15, ExpectedOp.Expired("nginx")),
        ["kit__examples-ipfs-l10.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Ended("run-1", "Hello World")),
        ["kit__examples-jobs-l17.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Ended("run-1", "Hello from Nosana!")),
        ["kit__guide-ipfs-service-l46.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Ended("run-1", "hello")),
        ["kit__inference-endpoints-l25.json"] = ExpectedRun.Expiring(15, ExpectedOp.Expired("nginx")),
        // The first word of an exec form is the program: "/bin/bash -c " is none.
        ["kit__inference-examples-multi-job-l20.json"] = ExpectedRun.ToItsEnd(
            ExpectedOp.Volume("create-volume"),
            ExpectedOp.Failed("run-from-cli", 127, "The command cannot be started: exec /bin/bash -c "),
            ExpectedOp.Ended("run-from-cli-2", "Hello World", "/home")),
        ["kit__jobs-job-definition-confidential-l35.json"] = ExpectedRun.ToItsEnd(ExpectedOp.NotStarted("<id>", "'<docker-hub-user>/<image-name>' is not a legal reference of an image.")),
        // Services do not end, so the group after theirs is not reached.
        ["kit__jobs-job-definition-services-l348.json"] = ExpectedRun.Expiring(
            20,
            ExpectedOp.Expired("database", "infrastructure"),
            ExpectedOp.Expired("redis", "infrastructure"),
            ExpectedOp.NotReached("api-server", "application"),
            ExpectedOp.NotReached("web-frontend", "application")),
    };

    /// <summary>Refused before anything starts, and what is said of it.</summary>
    public static IReadOnlyDictionary<string, string> Refused { get; } = new Dictionary<string, string>
    {
        ["cli__nodedocs-job-health-check-example-l6.json"] = "$input.ops[0].args.expose[0].health_checks[0].continuous",
        ["cli__nodedocs-job-health-check-example-l92.json"] = "$input.ops[0].args.expose[0].health_checks[0].continuous",
        ["cli__nodedocs-literals-pipeline-l152.json"] = "$input.ops[1].execution.depends_on[0]",
        ["cli__test-node-server.json"] = "$input.ops[0].args.expose[0].health_checks[0].continuous",
        // Of a market's jobs alone.
        ["cli__confidential.json"] = "confidential",
        ["cli__nodedocs-secure-job-execution-and-result-retrieval-l120.json"] = "confidential",
        ["cli__nodedocs-secure-job-execution-and-result-retrieval-l42.json"] = "confidential",
    };
}
