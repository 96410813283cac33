using Nosana.Node.Cli;
using Nosana.Testing;

namespace Nosana.Node.Tests.Hosting;

/// <summary>What the unit of systemd keeps the agent to.</summary>
public sealed class UnitFileTests
{
    private readonly ILookup<string, string> _lines = File.ReadLines(Path.Combine(RepositoryFiles.Root, "systemd", "nosana-node.service"))
        .Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] is not '#')
        .ToLookup(line => line.Split('=', 2)[0], line => line.Split('=', 2)[1]);

    [Theory]
    [InlineData("LimitCORE", "0")]
    [InlineData("MemoryHigh", "15%")]
    [InlineData("MemoryMax", "20%")]
    [InlineData("UMask", "0077")]
    [InlineData("StateDirectoryMode", "0700")]
    [InlineData("CacheDirectoryMode", "0700")]
    [InlineData("Restart", "on-failure")]
    [InlineData("ExecReload", "/usr/lib/nosana-node/nosana-node reload --replace --state /var/lib/nosana-node $NOSANA_NODE_ARGS")]
    public void Unit_Line_IsThere(string name, string value) => Assert.Equal([value], _lines[name]);

    [Theory]
    [InlineData("nosana-node.service", "ExecStart")]
    [InlineData("nosana-node.service", "ExecReload")]
    [InlineData("nosana-watchdog.service", "ExecStart")]
    public void Unit_CommandWithTheOperatorsFlags_IsOneOfThisProgram(string unit, string line)
    {
        string command = File.ReadLines(Path.Combine(RepositoryFiles.Root, "systemd", unit)).Single(text => text.StartsWith(line + "=", StringComparison.Ordinal));
        string[] words = command.Replace("$NOSANA_NODE_ARGS", "--network devnet --market 11111111111111111111111111111111 --docker /x.sock --verbose", StringComparison.Ordinal).Split(' ');
        Assert.Null(ParserFault.Of(NodeCommand.Create().Parse(words[1..])));
    }

    [Fact]
    public void Unit_WhenMemoryIsShort_TenantsGoBeforeTheAgentAndTheAgentBeforeTheRest() =>
        Assert.InRange(int.Parse(Assert.Single(_lines["OOMScoreAdjust"]), System.Globalization.CultureInfo.InvariantCulture), 1, 499);

    [Fact]
    public void Unit_EgressRules_AreRequiredAndTheOperatorsFileCanSayOtherwise()
    {
        Assert.Contains("NOSANA_REQUIRE_EGRESS=true", _lines["Environment"]);
        Assert.Equal(["/etc/nosana-node/environment"], _lines["EnvironmentFile"]); // what it sets goes before Environment= (systemd.exec(5))
    }
}
