using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Sdk;

/// <summary>A script over the packages of packaging/npm, given lines in a file named by its first argument.</summary>
internal static class NodeScript
{
    /// <summary>Runs it to its end.</summary>
    /// <returns>Lines of its standard output.</returns>
    public static async Task<string[]> RunAsync(string script, IEnumerable<string> lines, CancellationToken cancellation)
    {
        string batch = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(batch, lines, cancellation);
            return await TestNode.LinesAsync(TestNode.StartScript(script, batch), cancellation);
        }
        finally
        {
            File.Delete(batch);
        }
    }
}
