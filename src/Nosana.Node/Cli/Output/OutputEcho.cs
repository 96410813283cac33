using Nosana.Node.Logs;

namespace Nosana.Node.Cli.Output;

/// <summary>What the operations print, as they print it, on standard error: whoever tries a definition out wants to see it run.</summary>
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
        using (subscription)
        {
            await foreach (LogEntry entry in subscription.ReadAllAsync())
                await System.Console.Error.WriteLineAsync($"{op} | {entry.Text.TrimEnd('\n', '\r')}");
            if (subscription.Dropped > 0) await System.Console.Error.WriteLineAsync($"{op} | ({subscription.Dropped} lines came too fast to be shown)");
        }
    }
}
