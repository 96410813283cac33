using System.Security.Cryptography;
using System.Text;

namespace Nosana.EndToEnd.Tests.Corpus.Sources;

/// <summary>
/// What the stand-ins of the corpus's remote sources hold: a few small files at each address that a definition names, each of which says
/// where it is from. What a definition starts itself is a script that prints its arguments and stays.
/// </summary>
internal static class RemoteFiles
{
    private const string Script = "echo \"$0 $*\"\nexec sleep infinity\n";

    private static readonly string[] Keys =
    [
        "ollama/llama3.1/8b/manifests/registry.ollama.ai/library/llama3.1/latest", "ollama/llama3.1/8b/blobs/sha256-0000",
        "ollama/llama3.1/70b/manifests/registry.ollama.ai/library/llama3.1/70b", "ollama/llama3.1/70b/blobs/sha256-1111",
        "stable-diffusion/1.5/v1-5-pruned-emaonly.safetensors", "stable-diffusion/1.5/vae/vae-ft-mse-840000.safetensors",
        $"{Llama8B}/refs/main", $"{Llama8B}/snapshots/db1f81ad4b8c7e39777509fac66c652eb0a52f91/config.json",
        $"{Llama70B}/refs/main", $"{Llama70B}/snapshots/2123003760781134cfc31124aa6560a45b491fdf/config.json",
        $"{Janus}/config.json", $"{Janus}/pytorch_model-00001-of-00002.bin",
        "templates/lmdeploy/chat/llama3_1.json",
        "router/inbound-entrypoint.sh", "router/outbound-entrypoint.sh", "router/nginx/entrypoint.sh", "foldingAtHome/entrypoint.sh", "OpenClaw/entrypoint.sh",
        $"{Pinata}/{Gpustack}",
        $"{ControlNets}/control_v11e_sd15_ip2p_fp16.safetensors", $"{ControlNets}/control_v11e_sd15_shuffle_fp16.safetensors", $"{ControlNets}/control_v11p_sd15_canny_fp16.safetensors",
    ];

    public const string Llama8B = "hugging-face/llama3.1/8b/4x/models--hugging-quants--Meta-Llama-3.1-8B-Instruct-AWQ-INT4",
        Llama70B = "hugging-face/llama3.1/70b/4x/models--hugging-quants--Meta-Llama-3.1-70B-Instruct-AWQ-INT4",
        Janus = "hugging-face/deepseek/janus/models-deepseek-ai-Janus-Pro-7B";

    /// <summary>Other hosts' files lie in the one bucket, too.</summary>
    public const string Pinata = "pinata/ipfs", Gpustack = "Qme6mhvswXVieJ3BhVVMxFW5XWsnMceRju9fxkxwxb8oMs", ControlNets = "r2/controlnets";

    /// <summary>Objects of the bucket.</summary>
    public static IReadOnlyDictionary<string, string> Objects { get; } = Keys.ToDictionary(key => key, Content);

    /// <summary>Repositories of Hugging Face, and of each the files.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Repositories { get; } = new Dictionary<string, string[]>
    {
        ["TinyLlama/TinyLlama-1.1B-Chat-v1.0"] = ["README.md", "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"],
        ["Comfy-Org/Wan_2.1_ComfyUI_repackaged"] = ["split_files/text_encoders/umt5_xxl_fp8_e4m3fn_scaled.safetensors", "split_files/vae/wan_2.1_vae.safetensors"],
        ["Comfy-Org/Wan_2.2_ComfyUI_Repackaged"] =
        [
            "split_files/vae/wan_2.1_vae.safetensors",
            "split_files/diffusion_models/wan2.2_t2v_low_noise_14B_fp8_scaled.safetensors", "split_files/diffusion_models/wan2.2_t2v_high_noise_14B_fp8_scaled.safetensors",
            "split_files/loras/wan2.2_t2v_lightx2v_4steps_lora_v1.1_high_noise.safetensors", "split_files/loras/wan2.2_t2v_lightx2v_4steps_lora_v1.1_low_noise.safetensors",
        ],
    }.ToDictionary(pair => pair.Key, pair => (IReadOnlyDictionary<string, string>)pair.Value.ToDictionary(path => path, path => Content($"{pair.Key}/{path}")));

    /// <summary>Objects below a prefix, by their paths from there.</summary>
    public static IReadOnlyDictionary<string, string> Below(string prefix) =>
        Objects.Where(pair => pair.Key.StartsWith(prefix + "/", StringComparison.Ordinal)).ToDictionary(pair => pair.Key[(prefix.Length + 1)..], pair => pair.Value);

    /// <summary>Some files of a repository; without names all.</summary>
    public static IReadOnlyDictionary<string, string> Of(string repository, params string[] names) =>
        Repositories[repository].Where(pair => names.Length == 0 || names.Contains(pair.Key)).ToDictionary();

    /// <summary>A model of Ollama's registry, as Ollama keeps it on its disk. The registry has every model that is asked for.</summary>
    /// <param name="name">Such as <c>gemma3:4b</c>.</param>
    public static IReadOnlyDictionary<string, string> Model(string name)
    {
        string config = $"{{\"model_family\":\"{name}\"}}", weights = Content(name), license = Content("license");
        string manifest =
            $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
             "config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"{{Digest(config)}}","size":{{config.Length}}},
             "layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"{{Digest(weights)}}","size":{{weights.Length}}},
                       {"mediaType":"application/vnd.ollama.image.license","digest":"{{Digest(license)}}","size":{{license.Length}}}]}
            """;
        var files = new Dictionary<string, string> { [$"manifests/registry.ollama.ai/library/{name.Replace(':', '/')}"] = manifest };
        foreach (string blob in (string[])[config, weights, license]) files[$"blobs/{Digest(blob).Replace(':', '-')}"] = blob;
        return files;
    }

    private static string Content(string name) => name.EndsWith(".sh", StringComparison.Ordinal) || name.EndsWith(Gpustack, StringComparison.Ordinal) ? Script : $"{name} of a stand-in\n";

    private static string Digest(string content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}";
}
