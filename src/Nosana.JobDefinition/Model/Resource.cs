namespace Nosana.JobDefinition.Model;

/// <summary>Remote files that are fetched into a cached volume before the start and mounted at <paramref name="Target"/>.</summary>
/// <param name="Target">Path in the container.</param>
public abstract record Resource(string Target);

/// <summary>Files of an S3 bucket or of a public HTTP prefix. One of url, bucket and buckets is given.</summary>
/// <param name="Target">Path in the container.</param>
/// <param name="Url">Bucket URL or prefix; null when only <paramref name="Buckets"/> or <paramref name="Bucket"/> is given.</param>
/// <param name="Files">Names below the URL; empty for all.</param>
/// <param name="Bucket">Bucket name; null for the forms without.</param>
/// <param name="Buckets">Several sources in one volume; empty for the other forms.</param>
/// <param name="AllowWrite">Mounted read-write.</param>
/// <param name="Iam">Credentials; null for public ones.</param>
public sealed record S3Resource(
    string Target,
    string? Url,
    IReadOnlyList<string> Files,
    string? Bucket,
    IReadOnlyList<S3Source> Buckets,
    bool AllowWrite,
    S3Credentials? Iam) : Resource(Target);

/// <summary>One of several sources of an S3 resource.</summary>
/// <param name="Url">Bucket URL or prefix.</param>
/// <param name="Files">Names below the URL; empty for all.</param>
public sealed record S3Source(string Url, IReadOnlyList<string> Files);

/// <summary>S3 credentials; all required, all may be empty.</summary>
/// <param name="Region">Region.</param>
/// <param name="AccessKeyId">Key id.</param>
/// <param name="SecretAccessKey">Secret.</param>
public sealed record S3Credentials(string Region, string AccessKeyId, string SecretAccessKey)
{
    /// <summary>The secret never appears.</summary>
    public override string ToString() => $"S3Credentials {{ Region = {Region}, AccessKeyId = {AccessKeyId} }}";
}

/// <summary>A Hugging Face repository.</summary>
/// <param name="Target">Path in the container.</param>
/// <param name="Repo">Such as <c>org/model</c>.</param>
/// <param name="Revision">Branch, tag or commit; null for the default (<c>main</c> when files are named).</param>
/// <param name="Files">Names in the repository; empty for all.</param>
/// <param name="AccessToken">Token; null for public repositories.</param>
public sealed record HuggingFaceResource(
    string Target,
    string Repo,
    string? Revision,
    IReadOnlyList<string> Files,
    string? AccessToken) : Resource(Target)
{
    /// <summary>The token never appears.</summary>
    public override string ToString() => $"HuggingFaceResource {{ Target = {Target}, Repo = {Repo}, Revision = {Revision} }}";
}

/// <summary>An Ollama model.</summary>
/// <param name="Target">Path in the container, <see cref="DefaultTarget"/> when absent.</param>
/// <param name="Model">Such as <c>llama3:8b</c>.</param>
public sealed record OllamaResource(string Target, string Model) : Resource(Target)
{
    /// <summary>Where Ollama looks for models (host-side default of the network).</summary>
    public const string DefaultTarget = "/root/.ollama/models";
}
