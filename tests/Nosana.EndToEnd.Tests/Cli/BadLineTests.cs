using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Cli;

/// <summary>Command lines that cannot be carried out, as a person types them: each ends in a sentence and its exit code, never in a stack.</summary>
public sealed class BadLineTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("nosana-lines-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [InlineData("", "What is to be done?")]
    [InlineData("start --dokcer /x.sock", "did you mean '--docker'?")]
    [InlineData("start --docker ssh://host", "ssh -N -L")]
    [InlineData("start --docker localhost:2375", "is not an engine's address")]
    [InlineData("start --expose-port 70000", "--expose-port '70000' is not a port")]
    [InlineData("start --disk 1k", "--disk '1k' is too small. Write at least 16m.")]
    [InlineData("run job.json --timeout -5", "--timeout '-5' is not a time")]
    [InlineData("run job.json --timeout 9999999999", "--timeout '9999999999' is not a time")]
    [InlineData("localnet --port 99999", "--port '99999' is not possible")]
    [InlineData("localnet --database absent/x.db", "--database needs --keys")]
    [InlineData("job list --limit many", "--limit 'many' is not a whole number")]
    [InlineData("balance --format xml", "is not one of json, text")]
    [InlineData("config show --config wrong.json", "did you mean 'market'?")]
    [InlineData("config show --config absent.yaml", "--config 'absent.yaml' cannot be read")]
    public async Task Line_CannotBeCarriedOut_EndsInASentence(string line, string words)
    {
        await File.WriteAllTextAsync(Path.Combine(_home, "wrong.json"), """{"marekt": "x"}""", TestContext.Current.CancellationToken);
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'));
    }

    [Fact]
    public async Task LocalNet_DatabaseIsNone_NamesIt()
    {
        string file = Path.Combine(_home, "x.db");
        await File.WriteAllTextAsync(file, "This file is not a database, however long one looks at it. " + new string('x', 4096),
            TestContext.Current.CancellationToken);
        (int code, _, string text) = await NodeProcess.RunAsync(_home, "localnet", "--port", "0", "--keys", "keys", "--database", file);
        Assert.Equal(2, code);
        Assert.Contains($"The database {file} cannot be used", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PortIsTaken_SaysWhichAndWhatToDo()
    {
        using var engine = new TestEngine();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string port = $"{((IPEndPoint)listener.LocalEndpoint).Port}";
        // The engine's socket as a bare path.
        (int code, _, string text) = await NodeProcess.RunAsync(
            _home, "run", NodeProcess.Write(_home, Definitions.Shell("true")), "--docker", engine.Endpoint.AbsolutePath, "--expose-port", port);
        Assert.True(code == 2, text);
        Assert.Contains($"127.0.0.1:{port}", text, StringComparison.Ordinal);
        Assert.Contains("choose another one with --expose-port", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Balance_RpcIsAwayAndVerbose_ShowsTheTries()
    {
        (int code, _, string text) = await NodeProcess.RunAsync(
            _home, "balance", "11111111111111111111111111111111", "--network", "localnet", "--rpc", "http://127.0.0.1:1", "--verbose");
        Assert.Equal(1, code);
        Assert.Contains("getBalance at http://127.0.0.1:1", text, StringComparison.Ordinal);
        Assert.Contains("attempt 1 of", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigShow_File_NamesValueAndOrigin()
    {
        string file = Path.Combine(_home, "settings.yml");
        await File.WriteAllTextAsync(file, "network: devnet\nline: 940/880\n", TestContext.Current.CancellationToken);
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, "config", "show", "--config", file, "--country", "nl", "--format", "json");
        Assert.True(code == 0, text);
        Dictionary<string, (string? Value, string? Origin)> settings = JsonNode.Parse(output)!.AsArray().ToDictionary(
            row => row!["setting"]!.GetValue<string>(), row => (row!["value"]?.GetValue<string>(), row["origin"]?.GetValue<string>()));
        Assert.Equal(("devnet", $"{file}: network"), settings["network"]);
        Assert.Equal(("940/880", $"{file}: line"), settings["line"]);
        Assert.Equal(("nl", "--country"), settings["country"]);
        Assert.Equal(("https://api.devnet.solana.com/", "default of devnet"), settings["rpc"]);
        Assert.Equal(("not set", null), settings["ipfsJwt"]);
        Assert.Equal((Path.Combine(_home, ".nosana", "node"), "default"), settings["state"]);
    }
}
