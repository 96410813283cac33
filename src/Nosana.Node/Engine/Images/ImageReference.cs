using System.Text.RegularExpressions;

namespace Nosana.Node.Engine.Images;

/// <summary>
/// A reference in the grammar of the distribution specification, with docker.io's short forms written out:
/// <c>ubuntu</c> is <c>docker.io/library/ubuntu:latest</c>.
/// </summary>
/// <param name="Registry">Host of the registry, with its port.</param>
/// <param name="Path">Repository within it.</param>
/// <param name="Tag">Null with a digest alone.</param>
/// <param name="Digest">For example <c>sha256:…</c>; null without.</param>
internal sealed partial record ImageReference(string Registry, string Path, string? Tag, string? Digest)
{
    private const string DockerHub = "docker.io";
    private const int MaxNameLength = 255;

    /// <summary>The whole reference; of tag and digest the digest decides, so it alone is kept.</summary>
    public string Canonical => Digest is null ? $"{Registry}/{Path}:{Tag}" : $"{Registry}/{Path}@{Digest}";

    /// <exception cref="EngineException"><see cref="EngineFault.InvalidReference"/>.</exception>
    public static ImageReference Parse(string text)
    {
        Match match = Grammar().Match(text);
        if (!match.Success || Identifier().IsMatch(text)) throw Invalid(text);
        string name = match.Groups["name"].Value;
        int slash = name.IndexOf('/');
        string first = slash < 0 ? "" : name[..slash];
        // A first part is a host when nothing else could be: it has a point or a port, or is localhost.
        bool hasHost = slash > 0 && (first.Contains('.') || first.Contains(':') || first == "localhost");
        string registry = hasHost ? first : DockerHub, path = hasHost ? name[(slash + 1)..] : name;
        if (registry == "index.docker.io") registry = DockerHub;
        if (registry == DockerHub && !path.Contains('/')) path = $"library/{path}";
        if (!Host().IsMatch(registry) || !RepositoryPath().IsMatch(path) || registry.Length + path.Length >= MaxNameLength) throw Invalid(text);
        string? digest = match.Groups["digest"] is { Success: true } found ? found.Value : null;
        string? tag = match.Groups["tag"] is { Success: true } given ? given.Value : digest is null ? "latest" : null;
        return new ImageReference(registry, path, tag, digest);
    }

    private static EngineException Invalid(string text) => new(
        EngineFault.InvalidReference, $"'{text}' is not a legal reference of an image. Write it as [registry/]name[:tag][@digest], the name in lower case.");

    [GeneratedRegex(@"\A(?<name>[^@\s]+?)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}))?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\A(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    [GeneratedRegex(@"\A[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex RepositoryPath();
}
