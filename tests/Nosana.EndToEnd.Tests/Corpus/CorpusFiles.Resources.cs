using Nosana.EndToEnd.Tests.Corpus.Sources;

namespace Nosana.EndToEnd.Tests.Corpus;

internal static partial class CorpusFiles
{
    private const string OfOllama = "/root/.ollama/models", TinyLlama = "TinyLlama/TinyLlama-1.1B-Chat-v1.0", Wan21 = "Comfy-Org/Wan_2.1_ComfyUI_repackaged", Wan22 = "Comfy-Org/Wan_2.2_ComfyUI_Repackaged";

    /// <summary>Ask for remote files and no GPU.</summary>
    public static IReadOnlyDictionary<string, ExpectedRun> NeedResources { get; } = new Dictionary<string, ExpectedRun>
    {
        ["cli__ollama.json"] = Service("ollama", S3(OfOllama, "ollama/llama3.1/8b")),
        ["cli__server.json"] = ExpectedRun.Serving(
            Lobby("lobby", "lobby") with
            {
                Results = new Dictionary<string, string[]>
                {
                    ["gpustack_worker_1"] = ["gpustack_worker_1 Sogni%2520Supported%2520SDXL", "Sogni%2520Supported%2520SDXL"],
                    ["gpustack_worker_2"] = ["worker_2"],
                    ["gpustack_outbound_aliases"] = ["gpustack_worker_1"],
                },
            },
            Lobby("lobby-readieness", "run"),
            ExpectedOp.Served("gpustack-server", "run") with { Mounts = [S3("/entry", RemoteFiles.Pinata) with { IsWritable = true }], Lines = [$"./entry/{RemoteFiles.Gpustack} "] },
            // Prints the address of its own endpoint.
            ExpectedOp.Served("inbound-proxy", "run") with { Mounts = [S3("/entry", "router/nginx")], Lines = null },
            // The result is a match and its group.
            ExpectedOp.Served("outbound-proxy", "run") with
            {
                Mounts = [S3("/entry", "router")],
                Lines = ["./entry/outbound-entrypoint.sh --create-outbound-rule gpustack_worker_1 gpustack_worker_1 Sogni%2520Supported%2520SDXL Sogni%2520Supported%2520SDXL --create-outbound-rule gpustack_worker_2 worker_2"],
            }),
    };

    /// <summary>Ask for a GPU and for remote files.</summary>
    public static IReadOnlyDictionary<string, ExpectedRun> NeedGpuAndResources { get; } = new Dictionary<string, ExpectedRun>
    {
        ["cli__ollama-70b.json"] = Service("ollama", S3(OfOllama, "ollama/llama3.1/70b")),
        ["cli__resource-test-files-huggingface-files.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Ended("huggingface") with { Mounts = [Hub("/data-models/", TinyLlama, "model.safetensors")], Lines = null }),
        ["cli__resource-test-files-huggingface.json"] = ExpectedRun.ToItsEnd(
            ExpectedOp.Ended("huggingface", "README.md", "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json") with { Mounts = [Hub("/data-models/", TinyLlama)] }),
        ["cli__resource-test-files-wan-comfyui.json"] = Wan(),
        ["cli__sogni-ai.json"] = ExpectedRun.ToItsEnd(ExpectedOp.Failed("sogni-ai", 127, "The command cannot be started: exec ls /data-models/ControlNet") with
        {
            Mounts = [S3("/data-models/ControlNet/", RemoteFiles.ControlNets, "control_v11e_sd15_ip2p_fp16.safetensors", "control_v11e_sd15_shuffle_fp16.safetensors") with { IsWritable = true }],
        }),
        ["cli__worker.json"] = ExpectedRun.Serving(
            Lobby("lobby", "lobby") with
            {
                Results = new Dictionary<string, string[]>
                {
                    ["gpustack_server"] = ["server"],
                    ["gpustack_server_token"] = ["token"],
                    ["gpustack_current_worker"] = ["gpustack_worker_1"],
                    ["gpustack_worker_1"] = ["Sogni%2520Supported%2520SDXL"],
                    ["gpustack_worker_2"] = ["worker_2"],
                    ["gpustack_outbound_aliases"] = ["gpustack_worker_1"],
                },
            },
            ExpectedOp.Served("gpustack-worker", "run"),
            ExpectedOp.Served("inbound-proxy", "run") with { Mounts = [S3("/entry", "router")], Lines = null },
            ExpectedOp.Served("outbound-proxy", "run") with
            {
                Mounts = [S3("/entry", "router")],
                Lines = ["./entry/outbound-entrypoint.sh --create-outbound-rule gpustack_server server --create-outbound-rule gpustack_worker_1 Sogni%2520Supported%2520SDXL --create-outbound-rule gpustack_worker_2 worker_2"],
            }),
        ["kit__examples-deployments-jobs-index-l35.json"] = Ollama("gpt-oss:20b", "gpt-oss:20b"),
        ["kit__inference-examples-lmdeploy-l122.json"] = Service("lmdeploy-llama3.1-turbomind", S3("/root/models/", RemoteFiles.Llama8B), S3("/root/templates/", "templates/lmdeploy/chat")),
        ["kit__inference-examples-vllm-l18.json"] = Service("VLLM-llama3.1", S3("/root/.cache/huggingface/hub/models--hugging-quants--Meta-Llama-3.1-70B-Instruct-AWQ-INT4", RemoteFiles.Llama70B)),
        ["tpl__automatic1111-stable-diffusion-1.5-job-definition.json"] = Service("SD15-auto", S3("/stable-diffusion-webui/models/Stable-diffusion", "stable-diffusion/1.5")),
        ["tpl__comfyui-job-definition-sd15.json"] = Service("SD15-comfy", S3("/comfyui/models/checkpoints", "stable-diffusion/1.5")),
        ["tpl__deepseek-janus-pro-job-definition-7b.json"] = Service("Janus7b", S3("/Janus/models/models--deepseek-ai--Janus-Pro-7B", RemoteFiles.Janus) with { IsWritable = true }),
        ["tpl__foldingathome-job-definition.json"] = ExpectedRun.Serving(
            ExpectedOp.Served("foldingathome") with { Mounts = [S3("/config/", "foldingAtHome") with { IsWritable = true }], Lines = ["./config/entrypoint.sh "] }),
        ["tpl__forge-stable-diffusion-1.5-job-definition.json"] = Service("Forge", S3("/opt/stable-diffusion-webui-forge/models/Stable-diffusion", "stable-diffusion/1.5")),
        ["tpl__gemma3-job-definition-27b.json"] = Ollama("Gemma3-27b", "gemma3:27b-it-qat"),
        ["tpl__gemma3-job-definition-4b.json"] = Ollama("Gemma3-4b", "gemma3:4b-it-qat"),
        ["tpl__gemma4-job-definition-26b.json"] = Ollama("server", "gemma4:26b"),
        ["tpl__gemma4-job-definition-e2b.json"] = Ollama("server", "gemma4:e2b"),
        ["tpl__gemma4-job-definition-e4b.json"] = Ollama("server", "gemma4:e4b"),
        ["tpl__glm-47-flash-job-definition-glm-16fp.json"] = Ollama("server", "glm-4.7-flash:bf16"),
        ["tpl__gpt-oss-job-definition-120b.json"] = Ollama("gpt-oss:120b", "gpt-oss:120b"),
        ["tpl__openclaw-job-definition-glm-16fp.json"] = OpenClaw("glm-4.7-flash:bf16"),
        ["tpl__openclaw-job-definition-gpt-120b.json"] = OpenClaw("gpt-oss:120b"),
        ["tpl__openclaw-job-definition-gpt-20b.json"] = OpenClaw("gpt-oss:20b"),
        ["tpl__qwen3.5-job-definition-27b.json"] = Ollama("Qwen3-5-27b", "qwen3.5:27b"),
        ["tpl__qwen3.5-job-definition-35b.json"] = Ollama("Qwen3-5-35b", "qwen3.5:35b"),
        ["tpl__qwen3.5-job-definition-9b.json"] = Ollama("server", "qwen3.5:9b"),
        ["tpl__qwen3.6-job-definition-27b.json"] = Ollama("server", "qwen3.6:27b"),
        ["tpl__wan2.2-job-definition.json"] = Wan(),
    };

    private static ExpectedMount S3(string target, string prefix, params string[] names) =>
        new(target, RemoteFiles.Below(prefix).Where(pair => names.Length == 0 || names.Contains(pair.Key)).ToDictionary());

    private static ExpectedMount Hub(string target, string repository, params string[] names) => new(target, RemoteFiles.Of(repository, names));

    private static ExpectedRun Ollama(string id, string model) => Service(id, new ExpectedMount(OfOllama, RemoteFiles.Model(model)));

    private static ExpectedRun OpenClaw(string model) => ExpectedRun.Serving(ExpectedOp.Served("openclaw") with
    {
        Mounts = [S3("/root/entrypoint", "OpenClaw"), new ExpectedMount(OfOllama, RemoteFiles.Model(model))],
        Lines = ["/root/entrypoint/entrypoint.sh --auth-choice skip --gateway-bind lan --token MY_SECRET_TOKEN"],
    });

    private static ExpectedRun Wan() => Service(
        "WAN22-comfy",
        Hub("/comfyui/models/text_encoders/", Wan21, "split_files/text_encoders/umt5_xxl_fp8_e4m3fn_scaled.safetensors"),
        Hub("/comfyui/models/vae/", Wan22, "split_files/vae/wan_2.1_vae.safetensors"),
        Hub("/comfyui/models/diffusion_models/", Wan22,
            "split_files/diffusion_models/wan2.2_t2v_low_noise_14B_fp8_scaled.safetensors", "split_files/diffusion_models/wan2.2_t2v_high_noise_14B_fp8_scaled.safetensors"),
        Hub("/comfyui/models/loras/", Wan22,
            "split_files/loras/wan2.2_t2v_lightx2v_4steps_lora_v1.1_high_noise.safetensors", "split_files/loras/wan2.2_t2v_lightx2v_4steps_lora_v1.1_low_noise.safetensors"));

    /// <summary>What the stand-in of GPUStack's lobby prints.</summary>
    private static ExpectedOp Lobby(string id, string group) => (ExpectedOp.Ended(id) with { Group = group }) with
    {
        Lines = ["gpustack_server server", "gpustack_server_token token", "worker_id gpustack_worker_1", "gpustack_worker_1 Sogni%2520Supported%2520SDXL", "gpustack_worker_2 worker_2", "gpustack_outbound_aliases gpustack_worker_1"],
    };
}
