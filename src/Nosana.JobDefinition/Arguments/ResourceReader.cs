using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Arguments;

/// <summary>One resolved entry of <c>resources</c>.</summary>
internal static class ResourceReader
{
    public static Resource Read(ArgumentNode node) =>
        node.Member("type").Text() switch
        {
            "HF" => new HuggingFaceResource(
                node.Member("target").RequiredText(),
                node.Member("repo").RequiredText(),
                node.Member("revision").Text(),
                node.Member("files").Words(),
                node.Member("accessToken").Text()),
            "Ollama" => new OllamaResource(node.Member("target").Text() ?? OllamaResource.DefaultTarget, node.Member("model").RequiredText()),
            "S3" => S3(node),
            _ => throw node.Member("type").Refuse("one of \"S3\", \"HF\", \"Ollama\""),
        };

    private static S3Resource S3(ArgumentNode node)
    {
        var resource = new S3Resource(
            node.Member("target").RequiredText(),
            node.Member("url").Text(),
            node.Member("files").Words(),
            node.Member("bucket").Text(),
            [.. node.Member("buckets").Items().Select(b => new S3Source(b.Member("url").RequiredText(), b.Member("files").Words()))],
            node.Member("allowWrite").Flag(),
            Credentials(node.Member("IAM")));
        // Every validator lets this through; the official host crashes on it at the start.
        return string.IsNullOrEmpty(resource.Url) && resource.Buckets.Count == 0 ? throw node.Refuse("an S3 resource with a url or buckets") : resource;
    }

    private static S3Credentials? Credentials(ArgumentNode iam) => iam.IsAbsent ? null : new S3Credentials(
        iam.Member("REGION").Text() ?? "", iam.Member("ACCESS_KEY_ID").Text() ?? "", iam.Member("SECRET_ACCESS_KEY").Text() ?? "");
}
