using System.Diagnostics;
using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Exposure;

/// <summary>Clients as people have them.</summary>
internal static class Client
{
    /// <summary>What one prints, whatever its exit code.</summary>
    public static Task<string> CurlAsync(string url, params IEnumerable<string> more) => RunAsync("curl", ["--silent", "--max-time", "20", "--path-as-is", .. more, url]);

    /// <summary>The page as the browser has it once it is loaded.</summary>
    public static async Task<string> BrowseAsync(string url)
    {
        string home = Directory.CreateTempSubdirectory("nosana-browser-").FullName;
        try
        {
            return await RunAsync("chromium",
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", $"--user-data-dir={home}", "--dump-dom", url,
            ]);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(NodeProcess.Deadline);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }
        await errors;
        return await output;
    }
}
