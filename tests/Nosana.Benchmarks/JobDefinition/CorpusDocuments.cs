using System.Globalization;
using System.Text;
using Nosana.Testing;

namespace Nosana.Benchmarks.JobDefinition;

/// <summary>What is read: the JSON files of the public corpus, and one definition as large as may be.</summary>
internal static class CorpusDocuments
{
    /// <summary>The folder, which must exist.</summary>
    public static string Folder => RepositoryFiles.NoCorpus is { } reason ? throw new InvalidOperationException(reason) : RepositoryFiles.PublicDefinitions;

    /// <summary>Every JSON file's bytes.</summary>
    public static byte[][] Load() => [.. Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>10,000 operations in just under 1 MiB.</summary>
    public static byte[] Large()
    {
        const int Operations = 10_000;
        var json = new StringBuilder("{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[");
        for (int i = 0; i < Operations; i++)
            json.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}{{\"type\":\"container/run\",\"id\":\"op{i:D5}\",\"args\":{{\"image\":\"ubuntu\",\"cmd\":[\"date\"],\"gpu\":true}}}}");
        return Encoding.UTF8.GetBytes(json.Append("]}").ToString());
    }
}
