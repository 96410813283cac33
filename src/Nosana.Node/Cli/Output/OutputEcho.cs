using Nosana.Node.Hosting.Settings;
using Nosana.Node.Logs;
using Nosana.Node.Texts;

namespace Nosana.Node.Cli.Output;

/// <summary>
/// What the operations print, line by line, on standard error: whoever tries a definition out wants to see it run. On a terminal their colours stay
/// and nothing else that a terminal obeys. Their very bytes are nobody's to see here; the result has their texts.
/// </summary>
internal static class OutputEcho
{
    /// <summary>Echoes until the logs are closed.</summary>
    public static Task Start(LogStore store, string job, IEnumerable<string> ops) => Task.WhenAll(ops.Select(op =>
    {
        LogSubscription subscription = store.OpenOrCreate(job, op).Subscribe();
        return Task.Run(() => EchoAsync(op, subscription));
    }));

    private static async Task EchoAsync(string op, LogSubscription subscription)
    {
        string name = PlainText.OneLine(op);
        using (subscription)
        {
            await foreach (LogEntry entry in subscription.ReadAllAsync())
                foreach (string line in Lines(entry.Text)) await System.Console.Error.WriteLineAsync($"{name} | {Shown(line)}");
            if (subscription.Dropped > 0) await System.Console.Error.WriteLineAsync($"{name} | ({subscription.Dropped} lines came too fast to be shown)");
        }
    }

    // A program that goes back to the beginning of its line, as bars do, would write over ours.
    private static string[] Lines(string text) => text.TrimEnd('\n', '\r').Split('\r');

    private static string Shown(string line) => System.Console.IsErrorRedirected || ProcessEnvironment.WantsNoColours
        ? PlainText.Colourless(line)
        : PlainText.Coloured(line);
}
