using System.Diagnostics;
using System.Globalization;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>
/// A shell in mount and process namespaces of its own, and a network of its own if wanted, that is told what to do line by line. Whatever
/// it started ends with it, and it ends with this process.
/// </summary>
internal sealed class IsolatedShell : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly string _log;

    private IsolatedShell(Process process, string log) => (_process, _log) = (process, log);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Packaging => Path.Combine(RepositoryFiles.Root, "packaging");

    /// <param name="directory">For the output of what it runs.</param>
    /// <param name="network">Whether it has a network of its own: loopback and nothing else.</param>
    public static IsolatedShell Start(string directory, bool network)
    {
        string[] own = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"];
        string[] shell = network ? ["--net", "--", "bash", Path.Combine(Packaging, "engine.sh"), "inside", "bash"] : ["--", "bash"];
        var start = new ProcessStartInfo("unshare", [.. own, .. shell]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new IsolatedShell(Process.Start(start)!, Path.Combine(directory, "shell.log"));
    }

    /// <summary>Its network: what <c>nsenter --net</c> enters.</summary>
    public string Network => $"/proc/{_process.Id}/ns/net";

    /// <summary>Runs a script of <c>packaging/</c> to its end.</summary>
    public async Task RunAsync(string script, params string[] arguments)
    {
        string command = string.Join(' ', ((string[])[Path.Combine(Packaging, script), .. arguments]).Select(word => $"'{word}'"));
        await _process.StandardInput.WriteLineAsync($"{command} </dev/null >'{_log}' 2>&1; echo $?");
        await _process.StandardInput.FlushAsync(Token);
        string? code = await _process.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(Deadline, Token);
        if (code is null || int.Parse(code, CultureInfo.InvariantCulture) != 0)
            throw new InvalidOperationException($"{command} ended with {code ?? "its shell"}:\n{(File.Exists(_log) ? await File.ReadAllTextAsync(_log, Token) : "")}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
