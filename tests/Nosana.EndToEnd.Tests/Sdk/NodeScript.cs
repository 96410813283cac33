using System.Diagnostics;

namespace Nosana.EndToEnd.Tests.Sdk;

/// <summary>A script over the packages of packaging/npm, given lines in a file named by its first argument.</summary>
internal static class NodeScript
{
    private const string ModulesVariable = "NOSANA_TEST_NODE_MODULES";

    /// <summary>Runs it to its end.</summary>
    /// <returns>Lines of its standard output.</returns>
    public static async Task<string[]> RunAsync(string script, IEnumerable<string> lines, CancellationToken cancellation)
    {
        string modules = Environment.GetEnvironmentVariable(ModulesVariable)
            ?? throw new InvalidOperationException($"{ModulesVariable} does not name the folder with the test clients; packaging/npm/install.sh prints it and packaging/test.sh sets it.");
        string batch = Path.GetTempFileName();
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("NOSANA_TEST_NODE") ?? "node", ["--input-type=module", "-e", script, "--", batch])
        {
            // A script given as an argument imports from the folder it runs in.
            WorkingDirectory = modules,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            await File.WriteAllLinesAsync(batch, lines, cancellation);
            return await RunAsync(start, cancellation);
        }
        finally
        {
            File.Delete(batch);
        }
    }

    private static async Task<string[]> RunAsync(ProcessStartInfo start, CancellationToken cancellation)
    {
        using Process node = Process.Start(start)!;
        try
        {
            Task<string> output = node.StandardOutput.ReadToEndAsync(cancellation), errors = node.StandardError.ReadToEndAsync(cancellation);
            await node.WaitForExitAsync(cancellation);
            Assert.True(node.ExitCode == 0, $"the script ended with {node.ExitCode}: {await errors}");
            return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }
    }
}
