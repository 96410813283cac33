using System.Diagnostics;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>Node as packaging/test.sh gives it to the tests, with the packages of packaging/npm.</summary>
internal static class TestNode
{
    private const string NodeVariable = "NOSANA_TEST_NODE", ModulesVariable = "NOSANA_TEST_NODE_MODULES";

    /// <summary>The folder that contains <c>node_modules</c>.</summary>
    public static string Modules => Environment.GetEnvironmentVariable(ModulesVariable)
        ?? throw new InvalidOperationException(
            $"{ModulesVariable} does not name the folder with the test clients; packaging/npm/install.sh prints it and packaging/test.sh sets it.");

    /// <summary>A start of node, in the folder of the packages, whose output and errors are to be read.</summary>
    public static ProcessStartInfo Start(params IEnumerable<string> arguments) => new(Environment.GetEnvironmentVariable(NodeVariable) ?? "node", arguments)
    {
        WorkingDirectory = Modules,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    /// <summary>The same for a script given as text, which imports the packages by their names.</summary>
    public static ProcessStartInfo StartScript(string script, params IEnumerable<string> arguments) => Start(["--input-type=module", "-e", script, "--", .. arguments]);

    /// <summary>Runs it to its end.</summary>
    /// <returns>Lines of its standard output.</returns>
    public static async Task<string[]> LinesAsync(ProcessStartInfo start, CancellationToken cancellation)
    {
        using Process node = Process.Start(start)!;
        try
        {
            Task<string> output = node.StandardOutput.ReadToEndAsync(cancellation), errors = node.StandardError.ReadToEndAsync(cancellation);
            await node.WaitForExitAsync(cancellation);
            Assert.True(node.ExitCode == 0, $"node ended with {node.ExitCode}: {await errors}");
            return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }
    }
}
