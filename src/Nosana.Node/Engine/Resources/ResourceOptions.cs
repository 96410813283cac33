using Nosana.Node.Retries;

namespace Nosana.Node.Engine.Resources;

/// <summary>How remote resources are fetched and kept.</summary>
internal sealed record ResourceOptions
{
    public static readonly Uri OfficialHuggingFace = new("https://huggingface.co"), OfficialOllama = new("https://registry.ollama.ai");

    /// <summary>Where downloads lie until they are in their volume; unfinished ones are resumed from there.</summary>
    public required string StagingDirectory { get; init; }

    /// <summary>
    /// Labels of the cache's volumes: several agents may share one engine, and none removes another's. A cache with the label of a job
    /// goes with everything else of that job.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The operator's mirrors, tried before those that are built in.</summary>
    public IReadOnlyList<Mirror> Mirrors { get; init; } = [];

    public Uri HuggingFace { get; init; } = OfficialHuggingFace;

    public Uri Ollama { get; init; } = OfficialOllama;

    /// <summary>What all cached volumes may take together; null is all of the disk but <see cref="ReservedBytes"/>.</summary>
    public long? CacheBytes { get; init; }

    /// <summary>Left free on the disk.</summary>
    public long ReservedBytes { get; init; } = 5L << 30;

    /// <summary>Largest resource: no host takes a larger one.</summary>
    public long MaxBytes { get; init; } = 2L << 40;

    /// <summary>
    /// A source that takes longer to say how large it is has held the host: that there is no room for it is its own matter then, not the host's.
    /// </summary>
    public TimeSpan Prompt { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most files of a resource.</summary>
    public int MaxFiles { get; init; } = 50_000;

    /// <summary>Most characters of their names and versions together; all of them are in memory while the resource is fetched.</summary>
    public long MaxNameCharacters { get; init; } = 8 << 20;

    /// <summary>Most pages of a listing. S3 and Hugging Face send a thousand files with each.</summary>
    public int MaxPages { get; init; } = 1000;

    /// <summary>Most bytes of all its pages; fifty thousand files with long names have some 50 MB.</summary>
    public long MaxListingBytes { get; init; } = 128 << 20;

    /// <summary>Longest answer of a source, but for the files themselves: a page of S3 has at most a thousand keys of 1,024 bytes.</summary>
    public int AnswerBytes { get; init; } = 4 << 20;

    /// <summary>Requests at once of one download.</summary>
    public int Connections { get; init; } = 8;

    /// <summary>Larger files are fetched in parts of this size at once.</summary>
    public long PartBytes { get; init; } = 64L << 20;

    /// <summary>A try ends after this long without a byte. There is no limit on a download that goes on; see <see cref="StallWatch"/>.</summary>
    public TimeSpan Inactivity { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A byte of progress is progress.</summary>
    public RetryTerms Retry { get; init; } = RetryPipelines.ResourceDownload;

    /// <summary>Unfinished downloads that nobody went on with are kept this long.</summary>
    public TimeSpan KeepUnfinished { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What those that nobody goes on with may take together.</summary>
    public long UnfinishedBytes { get; init; } = 16L << 30;
}
