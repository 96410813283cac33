using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.JobDefinition;

/// <summary>A script of this folder on node.</summary>
internal static class NodeProgram
{
    /// <summary>Runs it to its end.</summary>
    /// <returns>Lines of its standard output.</returns>
    public static Task<string[]> RunAsync(string script, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        TestNode.LinesAsync(TestNode.Start([Path.Combine(AppContext.BaseDirectory, "JobDefinition", script), .. arguments]), cancellation);
}
