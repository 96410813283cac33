namespace Nosana.EndToEnd.Tests.Corpus;

internal static partial class CorpusFiles
{
    /// <summary>Ask for a GPU and nothing from outside.</summary>
    public static IReadOnlyDictionary<string, ExpectedRun> NeedGpu { get; } = new Dictionary<string, ExpectedRun>
    {
        // No driver lends the stand-ins its tools.
        ["cli__benchmark.json"] = ExpectedRun.ToItsEnd(
            Reads("cpu"), Reads("ram"), Reads("disk-space"), Reads("country"), Reads("bandwidth"), ExpectedOp.Failed("gpu", 127, null)),
        ["cli__gpu.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Failed("gpu", 127, "The command cannot be started: exec nvidia-smi -L")),
        ["cli__llama2.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Failed("llama2", 127, "The command cannot be started: exec python3 llama2.py") with
        {
            Results = new Dictionary<string, string[]> { ["cuda-devices-found"] = [], ["llama2-response"] = [] },
        }),
        ["kit__inference-endpoints-l172.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Failed("ollama-service", 127, null)),
        ["cli__jupyter-notebook.json"] = Service("jupyter-notebook"),
        ["cli__open-webui.json"] = Service("open-webui"),
        ["kit__inference-examples-jupyter-l14.json"] = Service("jupyter-notebook"),
        ["kit__jobs-job-definition-schema-l179.json"] = Service("Pytorch"),
        ["tpl__cosmos3-nano-job-definition.json"] = Service("cosmos3-nano-vllm-omni"),
        ["tpl__deepseek-r1-job-definition-1.5b.json"] = Service("Qwen1-5b"),
        ["tpl__deepseek-r1-job-definition-70b-awq.json"] = Service("Llama70b"),
        ["tpl__deepseek-r1-job-definition-7b.json"] = Service("Qwen7b"),
        ["tpl__gaia-job-definition.json"] = Service("Gaia"),
        ["tpl__invokeai-job-definition.json"] = Service("Invoke"),
        ["tpl__kohya-ss-job-definition.json"] = Service("Kohya"),
        ["tpl__lmdeploy-api-job-definition.json"] = Service("Lmdepoy"),
        ["tpl__nanonets-ocr2-job-definition-1.5b.json"] = Service("Nanonets-OCR2:1-5B"),
        ["tpl__oobabooga-job-definition.json"] = Service("Oobabooga-webui"),
        ["tpl__pytorch-jupyter-notebook-job-definition.json"] = Service("Pytorch"),
        ["tpl__tensorflow-jupyter-notebook-job-definition.json"] = Service("Tf"),
        ["tpl__text-to-speech-ui-job-definition.json"] = Service("Tts"),
        ["tpl__tgi-api-job-definition.json"] = Service("Tgi"),
        ["tpl__vscode-server-job-definition.json"] = Service("Vscode"),
    };

    private static ExpectedRun Service(string id, params ExpectedMount[] mounts) => ExpectedRun.Serving(ExpectedOp.Served(id) with { Mounts = mounts });

    private static ExpectedOp Reads(string id) => ExpectedOp.Ended(id) with { Lines = null };
}
