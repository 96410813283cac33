namespace Nosana.JobDefinition.Documents;

/// <summary>Keys that code asks for by number.</summary>
internal static class DefinitionKeys
{
    public static readonly ushort Version = KeyTable.Register("version");
    public static readonly ushort Type = KeyTable.Register("type");
    public static readonly ushort Ops = KeyTable.Register("ops");
    public static readonly ushort Meta = KeyTable.Register("meta");
    public static readonly ushort Global = KeyTable.Register("global");
    public static readonly ushort Logistics = KeyTable.Register("logistics");
    public static readonly ushort DeploymentId = KeyTable.Register("deployment_id");
    public static readonly ushort Ssh = KeyTable.Register("ssh");
    public static readonly ushort PublicKeys = KeyTable.Register("public_keys");
    public static readonly ushort Id = KeyTable.Register("id");
    public static readonly ushort Args = KeyTable.Register("args");
    public static readonly ushort Results = KeyTable.Register("results");
    public static readonly ushort Execution = KeyTable.Register("execution");
    public static readonly ushort Group = KeyTable.Register("group");
    public static readonly ushort DependsOn = KeyTable.Register("depends_on");
    public static readonly ushort StopIfDependentStops = KeyTable.Register("stop_if_dependent_stops");
    public static readonly ushort Timeout = KeyTable.Register("timeout");
    public static readonly ushort Regex = KeyTable.Register("regex");
    public static readonly ushort LogType = KeyTable.Register("logType");
    public static readonly ushort Image = KeyTable.Register("image");
    public static readonly ushort Name = KeyTable.Register("name");
    public static readonly ushort Gpu = KeyTable.Register("gpu");
    public static readonly ushort Entrypoint = KeyTable.Register("entrypoint");
    public static readonly ushort Env = KeyTable.Register("env");
    public static readonly ushort WorkDir = KeyTable.Register("work_dir");
    public static readonly ushort Variables = KeyTable.Register("variables");
    public static readonly ushort Trigger = KeyTable.Register("trigger");
    public static readonly ushort SystemRequirements = KeyTable.Register("system_requirements");
    public static readonly ushort SystemResources = KeyTable.Register("system_resources");
    public static readonly ushort VramTotalMb = KeyTable.Register("vram_total_mb");
    public static readonly ushort RequiredVram = KeyTable.Register("required_vram");
    public static readonly ushort RequiredCuda = KeyTable.Register("required_cuda");
    public static readonly ushort Send = KeyTable.Register("send");
    public static readonly ushort Receive = KeyTable.Register("receive");
    public static readonly ushort Endpoint = KeyTable.Register("endpoint");
    public static readonly ushort Port = KeyTable.Register("port");
    public static readonly ushort Private = KeyTable.Register("private");
    public static readonly ushort Spread = KeyTable.Register("__spread__");
    public static readonly ushort Bucket = KeyTable.Register("bucket");
    public static readonly ushort Buckets = KeyTable.Register("buckets");
}
