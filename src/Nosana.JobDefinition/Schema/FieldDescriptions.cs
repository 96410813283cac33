using System.Collections.Frozen;

namespace Nosana.JobDefinition.Schema;

/// <summary>What editors show beside a key.</summary>
internal static class FieldDescriptions
{
    private static readonly FrozenDictionary<string, string> s_texts = new Dictionary<string, string>
    {
        ["version"] = "Version of the format: \"0.1\".",
        ["ops"] = "Operations; groups run in the order of their first operation.",
        ["meta"] = "Notes of whoever posts the job. system_requirements is read by hosts before they accept.",
        ["trigger"] = "Which client posted the job.",
        ["system_requirements"] = "vram_total_mb (MB over all GPUs), required_vram (GB on one GPU), required_cuda (list of versions).",
        ["global"] = "Defaults for all operations, and variables for %%global.variables.NAME%%.",
        ["logistics"] = "For confidential jobs: how the definition comes in and the result goes out.",
        ["deployment_id"] = "Deployment that this job belongs to; its operations get host names of the deployment.",
        ["ssh"] = "Public keys that may reach the job by SSH.",
        ["id"] = "Name of the operation, unique, without spaces and dots.",
        ["results"] = "Patterns (JavaScript, no flags) whose matches in the log become results.",
        ["execution"] = "Group, dependencies and time limit.",
        ["group"] = "Operations of one group run side by side; groups run one after the other.",
        ["depends_on"] = "Operations of the same group that must be ready first; with stop_if_dependent_stops those that this one serves, which wait for it.",
        ["stop_if_dependent_stops"] =
            "This operation serves those it names in depends_on: it starts first, they wait for it, and it is stopped when one of them ends.",
        ["timeout"] = "Longest running time of the container in seconds; then it is stopped, and the job goes on.",
        ["image"] = "Container image, such as docker.io/library/ubuntu:24.04.",
        ["cmd"] = "A text for /bin/sh -c, or a list that is run as it is, without a shell.",
        ["entrypoint"] = "Replaces the image's entrypoint; a text is one word.",
        ["env"] = "Environment variables; values are texts.",
        ["expose"] = "Ports to reach from outside: a number, a list, or objects with health checks.",
        ["gpu"] = "Give the container the host's GPUs.",
        ["work_dir"] = "Working directory.",
        ["volumes"] = "Volumes of the job to mount.",
        ["private"] = "Random host names, told only to the job's owner.",
        ["aliases"] = "Further names of the container in the job's network.",
        ["resources"] = "Models and files to fetch before the start.",
        ["authentication"] = "Credentials for the image's registry.",
        ["restart_policy"] = "When to start the container again.",
        ["trusted_execution_env"] = "Run on a host with a trusted execution environment only, such as SEV-SNP.",
        ["variables"] = "Values of %%global.variables.NAME%%.",
        ["port"] = "Port from 1 to 65535.",
        ["health_checks"] = "Probes that must all pass before the port counts as ready.",
        ["continuous"] = "Go on probing after the first success. Required.",
        ["restart_on_failure"] = "Restart the container when this check fails after it had passed; it must be continuous.",
        ["max_restarts"] = "Restarts of the operation after which this check starts none any more; without it there is no limit.",
        ["expected_status"] = "HTTP status that counts as success.",
        ["expected_response"] = "Text that the WebSocket's answer must contain.",
        ["target"] = "Path in the container.",
        ["allowWrite"] = "Mount writable.",
        ["repo"] = "Hugging Face repository, such as org/model.",
        ["model"] = "Ollama model, such as llama3:8b.",
        ["regex"] = "Pattern in JavaScript's syntax.",
        ["logType"] = "Which output to search.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string? Find(string name) => s_texts.GetValueOrDefault(name);
}
