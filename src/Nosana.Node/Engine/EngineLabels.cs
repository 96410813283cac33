namespace Nosana.Node.Engine;

/// <summary>Labels on every container, network and volume of this agent: what is found by them can be adopted or removed after any crash.</summary>
internal static class EngineLabels
{
    /// <summary>The job: its account's address, or the id of a run without a market.</summary>
    public const string Job = "com.nosana.job";

    /// <summary>The operation's id.</summary>
    public const string Op = "com.nosana.op";

    /// <summary>The run account's address.</summary>
    public const string Run = "com.nosana.run";

    /// <summary>The slot that the job runs on.</summary>
    public const string Slot = "com.nosana.slot";

    /// <summary>The agent that made it (its state directory's id): several agents may share one engine, and none removes another's.</summary>
    public const string Agent = "com.nosana.agent";

    /// <summary>The content of a cached resource. What has it belongs to no job and stays when jobs end.</summary>
    public const string Resource = "com.nosana.resource";

    /// <summary>On a volume: which making of it this is, so that one that had been there is told from one made now.</summary>
    public const string Making = "com.nosana.making";

    /// <summary>On a tunnel's container: a digest of what it serves and how, by which one that is still right is told from one that is not.</summary>
    public const string Tunnel = "com.nosana.tunnel";

    /// <summary>Version of the agent that made it.</summary>
    public const string Version = "com.nosana.version";

    /// <summary>What everything of a job carries.</summary>
    public static Dictionary<string, string> Of(string job, string run, string slot, string agent) => new()
    {
        [Job] = job,
        [Run] = run,
        [Slot] = slot,
        [Agent] = agent,
    };
}
