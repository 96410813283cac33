using Nosana.Node.Cli;
using Nosana.Node.Cli.Options;
using Nosana.Node.Hosting.Settings;

namespace Nosana.Node.Tests.Cli;

/// <summary>What is said of a command line that cannot be understood: one sentence in the person's own words.</summary>
public sealed class ParserFaultTests
{
    [Theory]
    [InlineData("", "What is to be done? Name one of start, drain, reload, earnings, health, watchdog, run,")]
    [InlineData("job", "Name one of post, get,")]
    [InlineData("strat", "There is no verb 'strat' here: did you mean 'start'?")]
    [InlineData("job psot", "There is no verb 'psot' here: did you mean 'post'?")]
    [InlineData("start --dokcer /x.sock", "There is no option '--dokcer' here: did you mean '--docker'?")]
    [InlineData("start --no-such-thing-at-all", "There is no option '--no-such-thing-at-all' here: --help lists what there is.")]
    [InlineData("start here", "'start' does not know what to do with 'here'")]
    [InlineData("start --market", "--market needs a value: market to serve")]
    [InlineData("start --market a --market b", "--market can be given only once.")]
    [InlineData("run", "'run' needs a file: ")]
    [InlineData("job extend 11111111111111111111111111111111", "--seconds is needed: ")]
    [InlineData("job extend 11111111111111111111111111111111 --seconds many", "--seconds 'many' is not a whole number.")]
    [InlineData("job list --limit 99999999999999999999", "--limit '99999999999999999999' is not a whole number.")]
    [InlineData("job list --state waiting", "--state 'waiting' is not one of completed, queued, running, stopped.")]
    [InlineData("balance --format xml", "--format 'xml' is not one of json, text.")]
    [InlineData("run job.json --timeout -5", "--timeout '-5' is not a time. Write whole seconds, from 1 to")]
    [InlineData("run job.json --timeout 999999999999999999999", "is not a time.")]
    [InlineData("run job.json --timeout soon", "--timeout 'soon' is not a time.")]
    [InlineData("run job.json --expose-port 99999", "--expose-port '99999' is not a port. Write a number from 0 to 65535")]
    [InlineData("localnet --port 65535", "Write a number from 0 to 65534")]
    [InlineData("localnet --port x", "--port 'x' is not possible")]
    public void Of_BadLine_IsASentence(string line, string words)
    {
        string? fault = ParserFault.Of(NodeCommand.Create().Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains(words, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault!);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("job --help")]
    [InlineData("run --help")]
    [InlineData("start --network devnet --rpc http://127.0.0.1:1 --rpc http://127.0.0.1:2 --create-accounts --verbose --config x")]
    [InlineData("--verbose balance")]
    [InlineData("run --verbose job.json --timeout 5 --expose-port 0")]
    [InlineData("localnet --port 0")]
    [InlineData("config show --format json")]
    public void Of_GoodLine_IsNothing(string line) => Assert.Null(ParserFault.Of(NodeCommand.Create().Parse(line.Split(' '))));

    /// <summary>The table says which verbs have a setting; here are those that do.</summary>
    [Fact]
    public void Settings_EachFlag_IsOnTheVerbsOfItsGroup()
    {
        foreach (string verb in (string[])["start", "run", "localnet"])
        {
            Setting[] its = [.. NodeCommand.Create().Parse(verb).CommandResult.Command.Options.OfType<ISettingOption>().Select(option => option.Setting)];
            bool IsFor(Setting setting) => SettingsTable.VerbsOf(setting.Group).Split(", ").Contains(verb);
            Assert.All(SettingsTable.All.Where(setting => setting.Flag is not null && IsFor(setting)), setting => Assert.Contains(setting, its));
            Assert.DoesNotContain(its, setting => !IsFor(setting) && !SettingsTable.VerbsOf(setting.Group).StartsWith("all", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void ReadSettings_Line_NamesFlagsAsTheyWereTyped()
    {
        string[] line = ["start", "--wallet", "/k", "--rpc", "http://127.0.0.1:1", "--rpc", "http://127.0.0.1:2", "--create-accounts", "--verbose"];
        NodeSettings settings = NodeCommand.Create().Parse(line).ReadSettings();
        Assert.Equal(("/k", "--wallet", 2, true, true),
            (settings.KeyFile, settings.NameOf("key"), settings.Network.Rpc.Count, settings.Host.CreateAccounts, settings.Log.Verbose));
    }
}
