namespace Nosana.EndToEnd.Tests.Corpus;

/// <summary>What the tests expect of each file of the public corpus: every file stands in exactly one of these lists.</summary>
internal static class CorpusFiles
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
        ["kit__jobs-job-definition-confidential-l35.json"] = ExpectedRun.ToItsEnd(ExpectedOp.NotStarted("<id>", "'<docker-hub-user>/<image-name>' is no legal reference of an image.")),
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
        // To come with confidential jobs.
        ["cli__confidential.json"] = "confidential",
        ["cli__nodedocs-secure-job-execution-and-result-retrieval-l120.json"] = "confidential",
        ["cli__nodedocs-secure-job-execution-and-result-retrieval-l42.json"] = "confidential",
    };

    /// <summary>Ask for a GPU and nothing from outside: to run where there is one.</summary>
    public static IReadOnlyList<string> NeedGpu { get; } =
    [
        "cli__benchmark.json", "cli__gpu.json", "cli__jupyter-notebook.json", "cli__llama2.json", "cli__open-webui.json", "kit__inference-endpoints-l172.json",
        "kit__inference-examples-jupyter-l14.json", "kit__jobs-job-definition-schema-l179.json", "tpl__cosmos3-nano-job-definition.json",
        "tpl__deepseek-r1-job-definition-1.5b.json", "tpl__deepseek-r1-job-definition-70b-awq.json", "tpl__deepseek-r1-job-definition-7b.json",
        "tpl__gaia-job-definition.json", "tpl__invokeai-job-definition.json", "tpl__kohya-ss-job-definition.json", "tpl__lmdeploy-api-job-definition.json",
        "tpl__nanonets-ocr2-job-definition-1.5b.json", "tpl__oobabooga-job-definition.json", "tpl__pytorch-jupyter-notebook-job-definition.json",
        "tpl__tensorflow-jupyter-notebook-job-definition.json", "tpl__text-to-speech-ui-job-definition.json", "tpl__tgi-api-job-definition.json",
        "tpl__vscode-server-job-definition.json",
    ];

    /// <summary>Ask for remote files and no GPU: to run against stand-ins of their sources.</summary>
    public static IReadOnlyList<string> NeedResources { get; } = ["cli__ollama.json", "cli__server.json"];

    /// <summary>Ask for a GPU and for remote files.</summary>
    public static IReadOnlyList<string> NeedGpuAndResources { get; } =
    [
        "cli__ollama-70b.json", "cli__resource-test-files-huggingface-files.json", "cli__resource-test-files-huggingface.json",
        "cli__resource-test-files-wan-comfyui.json", "cli__sogni-ai.json", "cli__worker.json", "kit__examples-deployments-jobs-index-l35.json",
        "kit__inference-examples-lmdeploy-l122.json", "kit__inference-examples-vllm-l18.json", "tpl__automatic1111-stable-diffusion-1.5-job-definition.json",
        "tpl__comfyui-job-definition-sd15.json", "tpl__deepseek-janus-pro-job-definition-7b.json", "tpl__foldingathome-job-definition.json",
        "tpl__forge-stable-diffusion-1.5-job-definition.json", "tpl__gemma3-job-definition-27b.json", "tpl__gemma3-job-definition-4b.json",
        "tpl__gemma4-job-definition-26b.json", "tpl__gemma4-job-definition-e2b.json", "tpl__gemma4-job-definition-e4b.json",
        "tpl__glm-47-flash-job-definition-glm-16fp.json", "tpl__gpt-oss-job-definition-120b.json", "tpl__openclaw-job-definition-glm-16fp.json",
        "tpl__openclaw-job-definition-gpt-120b.json", "tpl__openclaw-job-definition-gpt-20b.json", "tpl__qwen3.5-job-definition-27b.json",
        "tpl__qwen3.5-job-definition-35b.json", "tpl__qwen3.5-job-definition-9b.json", "tpl__qwen3.6-job-definition-27b.json", "tpl__wan2.2-job-definition.json",
    ];
}
