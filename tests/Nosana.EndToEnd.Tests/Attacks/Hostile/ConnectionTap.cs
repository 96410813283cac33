using System.Text.RegularExpressions;

namespace Nosana.EndToEnd.Tests.Attacks.Hostile;

/// <summary>
/// What this network namespace connects to, written down by the kernel: a set of the firewall that every first packet of a TCP connection from here
/// puts its destination into. The agent, the engine and their children are all in this namespace.
/// </summary>
internal sealed partial class ConnectionTap : IAsyncDisposable
{
    private const string Table = "nosana_tap";

    public static async Task<ConnectionTap> OpenAsync()
    {
        await LanStandIn.RunAsync("nft", $$"""
            table inet {{Table}} {
              set four { type ipv4_addr . inet_service; size 65535; flags dynamic; }
              set six { type ipv6_addr . inet_service; size 65535; flags dynamic; }
              chain out {
                type filter hook output priority filter - 20; policy accept;
                tcp flags & (syn | ack) == syn add @four { ip daddr . tcp dport }
                tcp flags & (syn | ack) == syn add @six { ip6 daddr . tcp dport }
              }
            }
            """);
        return new ConnectionTap();
    }

    /// <summary>Every address and port that somebody tried to connect to.</summary>
    public async Task<IReadOnlyList<(string Address, int Port)>> ReadAsync() => [.. await ReadAsync("four"), .. await ReadAsync("six")];

    public async ValueTask DisposeAsync() => await LanStandIn.RunAsync("nft", "delete", "table", "inet", Table);

    private static async Task<IEnumerable<(string Address, int Port)>> ReadAsync(string set)
    {
        (int code, string text) = await LanStandIn.TryRunAsync(null, "nft", "-n", "list", "set", "inet", Table, set);
        if (code != 0) throw new InvalidOperationException($"nft cannot list what was connected to: {text}");
        return Element().Matches(text).Select(match => (match.Groups[1].Value, int.Parse(match.Groups[2].ValueSpan)));
    }

    [GeneratedRegex(@"([0-9a-f.:]+) \. ([0-9]+)")]
    private static partial Regex Element();
}
