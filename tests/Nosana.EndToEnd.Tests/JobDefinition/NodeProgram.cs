using System.Diagnostics;

namespace Nosana.EndToEnd.Tests.JobDefinition;

/// <summary>A script of this folder on node.</summary>
internal static class NodeProgram
{
    private const string NodeVariable = "NOSANA_TEST_NODE";

    /// <summary>Runs it to its end.</summary>
    /// <returns>Lines of its standard output.</returns>
    public static async Task<string[]> RunAsync(string script, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable(NodeVariable) ?? "node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "JobDefinition", script));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process node = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        try
        {
            Task<string> output = node.StandardOutput.ReadToEndAsync(cancellation);
            Task<string> errors = node.StandardError.ReadToEndAsync(cancellation);
            await node.WaitForExitAsync(cancellation);
            Assert.True(node.ExitCode == 0, $"{script} ended with {node.ExitCode}: {await errors}");
            return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }
    }
}
