using System.CommandLine;
using Nosana.Node.Cli.Options;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Tests.Logs;

namespace Nosana.Node.Tests.Cli.Options;

public sealed class CommandSettingsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("mainnet", "https://api.mainnet-beta.solana.com/", "node.k8s.prd.nos.ci")]
    [InlineData("devnet", "https://api.devnet.solana.com/", "node.k8s.dev.nos.ci")]
    [InlineData("localnet", "http://127.0.0.1:8899/", "localhost")]
    public void Read_NamedNetwork_HasItsAddresses(string name, string rpc, string domain)
    {
        NetworkSettings settings = Read("--network", name);
        Assert.Equal((name, rpc, domain), (settings.Name, Assert.Single(settings.Rpc).AbsoluteUri, settings.ExposureDomain));
        Assert.Equal(name == "localnet", settings.IpfsCredential is not null);
    }

    [Fact]
    public void Read_UnknownNetwork_NamesTheKnownOnes() =>
        Assert.Contains("mainnet, devnet or localnet", Assert.Throws<CommandException>(() => Read("--network", "testnet")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_OptionsWin_AndAnotherRpcDropsTheWebSocketOfTheFirst()
    {
        NetworkSettings settings = Read("--localnet", InfoFile(), "--rpc", "http://127.0.0.1:1", "--rpc", "http://127.0.0.1:2", "--ipfs-gateway", "http://127.0.0.1:3/ipfs/");
        Assert.Equal(["http://127.0.0.1:1/", "http://127.0.0.1:2/"], settings.Rpc.Select(uri => uri.AbsoluteUri));
        Assert.Null(settings.WebSocket);
        Assert.Equal("http://127.0.0.1:3/ipfs/", Assert.Single(settings.IpfsGateways).AbsoluteUri);
    }

    [Fact]
    public void Read_NoInfoFile_SaysHowToMakeIt()
    {
        CommandException refused = Assert.Throws<CommandException>(() => Read("--localnet", Path.Combine(_directory.Path, "none.json")));
        Assert.Equal(ExitCodes.Refused, refused.ExitCode);
        Assert.Contains("localnet --info", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "'rpc' is not a URL")]
    [InlineData("""{"rpc": "http://127.0.0.1:1", "ws": "nonsense"}""", "'ws' is not a URL")]
    [InlineData("""{"rpc": "http://127.0.0.1:1", "ws": "ws://127.0.0.1:1"}""", "'ipfs.api' is not a URL")]
    [InlineData("[", "cannot be read")]
    public void Read_InfoFileThatIsNone_SaysWhatIsWrong(string content, string words)
    {
        string file = Path.Combine(_directory.Path, "other.json");
        File.WriteAllText(file, content);
        CommandException refused = Assert.Throws<CommandException>(() => Read("--localnet", file));
        Assert.Equal(ExitCodes.Refused, refused.ExitCode);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rpc", "127.0.0.1:8899")]
    [InlineData("--ws", "nonsense")]
    [InlineData("--ipfs-api", "ftp://127.0.0.1")]
    public void Read_NotAUrl_NamesTheOption(string option, string text)
    {
        CommandException refused = Assert.Throws<CommandException>(() => Read(option, text));
        Assert.StartsWith($"{option} '{text}' is not a URL", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CredentialFile_IsTrimmedAndAMissingOneIsRefused()
    {
        string file = Path.Combine(_directory.Path, "jwt");
        File.WriteAllText(file, " secret\n");
        Assert.Equal("secret", Read("--network", "mainnet", "--ipfs-credential-file", file).IpfsCredential);
        CommandException refused = Assert.Throws<CommandException>(() => Read("--ipfs-credential-file", file + ".none"));
        Assert.Equal(ExitCodes.Refused, refused.ExitCode);
    }

    [Fact]
    public void PathOf_KeyOption_Wins()
    {
        var command = new Command("test");
        command.AddSettings(SettingGroup.Wallet);
        Assert.Equal("/k.json", command.Parse(["--key", "/k.json"]).ReadSettings().KeyFile);
        Assert.Equal("/w.json", command.Parse(["--wallet", "/w.json"]).ReadSettings().KeyFile);
        Assert.EndsWith("nosana_key.json", command.Parse([]).ReadSettings().KeyFile, StringComparison.Ordinal);
    }

    private static NetworkSettings Read(params string[] arguments)
    {
        var command = new Command("test");
        command.AddSettings(SettingGroup.Network);
        return command.Parse(arguments).ReadNetwork();
    }

    private string InfoFile()
    {
        string file = Path.Combine(_directory.Path, "info.json");
        var wallet = new LocalNet.LocalNetWalletInfo("11111111111111111111111111111111", "/k");
        new LocalNet.LocalNetInfo("http://127.0.0.1:8899", "ws://127.0.0.1:8899", new LocalNet.LocalNetIpfsInfo("http://127.0.0.1:8899", "http://127.0.0.1:8899/ipfs/"),
            "11111111111111111111111111111111", "11111111111111111111111111111111", [], wallet, wallet, "11111111111111111111111111111111", 1).Write(file);
        return file;
    }
}
