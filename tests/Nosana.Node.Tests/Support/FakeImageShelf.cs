using System.Net;
using System.Security.Cryptography;
using System.Text;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Engine.Images;

namespace Nosana.Node.Tests.Support;

/// <summary>The images of a <see cref="FakeEngine"/>: contents, the references that name them, and what was asked of them.</summary>
internal sealed class FakeImageShelf
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _references = [];
    private readonly Dictionary<string, long> _contents = [];
    private readonly List<string> _requests = [];

    /// <summary>What the registry has under a reference; its own where nothing is said.</summary>
    public Dictionary<string, string> Registry { get; } = [];

    /// <summary>Sizes by reference; 100 where nothing is said.</summary>
    public Dictionary<string, long> Bytes { get; } = [];

    /// <summary>Verb and name of each request about one image, in order.</summary>
    public List<string> Requests
    {
        get { lock (_lock) return [.. _requests]; }
    }

    /// <summary>References on the engine, in order.</summary>
    public IReadOnlyList<string> References
    {
        get { lock (_lock) return [.. _references.Keys.Order(StringComparer.Ordinal)]; }
    }

    /// <summary>Contents on the engine, also those that nothing names any more.</summary>
    public int Contents
    {
        get { lock (_lock) return _contents.Count; }
    }

    public static string ContentId(string content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}";

    public string? IdOf(string reference)
    {
        lock (_lock) return _contents.ContainsKey(reference) ? reference : _references.GetValueOrDefault(ImageReference.Parse(reference).Canonical);
    }

    /// <summary>As a pull does, whoever pulls.</summary>
    public void Put(string reference)
    {
        lock (_lock)
        {
            string id = _references[reference] = ContentId(Registry.GetValueOrDefault(reference, reference));
            _contents[id] = Bytes.GetValueOrDefault(reference, 100);
        }
    }

    public void Record(string request)
    {
        lock (_lock) _requests.Add(request);
    }

    public ImageInspectResponse Inspect(string name)
    {
        lock (_lock)
            return _references.TryGetValue(name, out string? id)
                ? new ImageInspectResponse { ID = id, Size = _contents[id], RepoDigests = [$"{name.Split(':')[0]}@{ContentId(id)}"] }
                : throw Missing(name);
    }

    public IList<ImagesListResponse> List()
    {
        lock (_lock)
            return [.. _contents.Select(content => new ImagesListResponse { ID = content.Key, Size = content.Value, RepoTags = [.. _references.Where(reference => reference.Value == content.Key).Select(reference => reference.Key)], RepoDigests = [] })];
    }

    public void Delete(string name, Func<string, bool> isUsed)
    {
        lock (_lock)
        {
            string id = _references.GetValueOrDefault(name) ?? (_contents.ContainsKey(name) ? name : throw Missing(name));
            bool isLast = _references.Count(reference => reference.Value == id) <= 1;
            if (isLast && isUsed(id)) throw FakeEngine.Error(HttpStatusCode.Conflict, $"conflict: unable to remove {name}: container x is using it");
            _references.Remove(name);
            if (isLast) _contents.Remove(id);
        }
    }

    private static DockerImageNotFoundException Missing(string name) => new(HttpStatusCode.NotFound, $"No such image: {name}");
}
