using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Tests.Logs;

namespace Nosana.Node.Tests.Hosting.Settings;

public sealed class NodeSettingsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = [];
    private readonly List<GivenFlag> _flags = [];

    private string File => Path.Combine(_directory.Path, "config.json");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_NothingGiven_IsTheDefaults()
    {
        NodeSettings settings = Load();
        Assert.Null(settings.Network.Network);
        Assert.Empty(settings.Network.Rpc);
        Assert.Equal((8180, "auto", false), (settings.Host.ExposePort, settings.Log.LogFormat, settings.Log.Verbose));
        Assert.EndsWith("/.nosana/nosana_key.json", settings.KeyFile, StringComparison.Ordinal);
        Assert.All(settings.Values, value => Assert.Null(value.Origin));
    }

    [Fact]
    public void Load_EveryKeyInTheFile_IsBound()
    {
        string jwt = Write("jwt", "secret\n"), pem = Write("pem", "-");
        Write("config.json", $$"""
            {
              "network": "devnet", "localnet": "/n.json", "rpc": ["https://a.example", "https://b.example"], "rpcRate": 2.5,
              "ws": "wss://a.example", "ipfsApi": "https://i.example",
              "ipfsGateway": ["https://g.example/ipfs/"], "ipfsCredentialFile": "{{jwt}}", "key": "/k", "docker": "/d.sock",
              "memory": "1g", "cpus": 1.5, "disk": "2g",
              "registry": ["r.example:5000"], "mirror": ["s3://a=https://b.example"], "resourceCacheGb": 3, "imageCacheGb": 4, "refuse": ["203.0.113.0/24"], "logsGb": 6, "market": "11111111111111111111111111111111",
              "state": "/s", "createAccounts": true,
              "requireEgress": true, "controlUrl": "https://c.example", "signalWhileDraining": "stop", "exposePort": 5,
              "exposeTls": "[::]:443", "exposeCertificate": "{{pem}}", "exposeKey": "{{pem}}", "exposeTrust": ["10.0.0.0/8"], "exposeConnections": 7, "exposeRate": 8.5,
              "exposeBody": "1k", "exposeLog": "/x.log", "hostManager": "none", "country": "nl", "line": "6/7", "logFormat": "json", "verbose": true
            }
            """);
        NodeSettings settings = Load();
        NetworkChoice network = settings.Network;
        Assert.Equal(("devnet", "/n.json", 2.5, new Uri("wss://a.example"), new Uri("https://i.example"), jwt, "none"),
            (network.Network, network.Localnet, network.RpcRate, network.Ws, network.IpfsApi, network.IpfsCredentialFile, network.HostManager));
        Assert.Equal([new Uri("https://a.example"), new Uri("https://b.example")], network.Rpc);
        Assert.Equal([new Uri("https://g.example/ipfs/")], network.IpfsGateway);
        EngineChoice engine = settings.Engine;
        Assert.Equal((new Uri("unix:///d.sock"), 1L << 30, 1.5m, 2L << 30, 3, 4),
            (engine.Docker, engine.Memory, engine.Cpus, engine.Disk, engine.ResourceCacheGb, engine.ImageCacheGb));
        Assert.Equal(["s3://a=https://b.example"], engine.Mirror);
        Assert.Equal(["203.0.113.0/24"], engine.Refuse);
        Assert.Equal(["r.example:5000"], engine.Registry);
        HostChoice host = settings.Host;
        Assert.Equal(("/k", "/s", 6, "11111111111111111111111111111111", true, 5, "NL", "6/7"),
            (host.Key, host.State, host.LogsGb, host.Market, host.CreateAccounts, host.ExposePort, host.Country, host.Line));
        Assert.Equal((true, new Uri("https://c.example"), "stop"), (host.RequireEgress, host.ControlUrl, host.SignalWhileDraining));
        Assert.Equal(("[::]:443", pem, pem, 7, 8.5, 1024, "/x.log"),
            (host.ExposeTls, host.ExposeCertificate, host.ExposeKey, host.ExposeConnections, host.ExposeRate, host.ExposeBody, host.ExposeLog));
        Assert.Equal(["10.0.0.0/8"], host.ExposeTrust);
        Assert.Equal(("json", true), (settings.Log.LogFormat, settings.Log.Verbose));
        // Whatever the table has and is not of the file alone or another way to say one of these was given above.
        Assert.Equal(["config", "ipfsJwt"], settings.Values.Where(value => value.Origin is null).Select(value => value.Setting.Key));
    }

    [Fact]
    public void Load_Yaml_IsReadAsJsonIs()
    {
        Flag("config", "--config", Write("settings.yaml",
            "network: devnet\nrpc:\n  - https://a.example\n  - https://b.example\nrpcRate: 2.5\ncreateAccounts: true\nmarket:\nstate: ~\n"));
        NodeSettings settings = Load();
        Assert.Equal(("devnet", 2, 2.5, true, null),
            (settings.Network.Network, settings.Network.Rpc.Count, settings.Network.RpcRate, settings.Host.CreateAccounts, settings.Host.Market));
        Assert.Equal("default", settings.Host.State ?? "default");
    }

    [Fact]
    public void Load_ThreePlaces_TheHigherOneCountsAndIsNamed()
    {
        Write("config.json", """{"network": "devnet", "country": "DE", "line": "1/1"}""");
        _environment["NOSANA_COUNTRY"] = "FR";
        _environment["NOSANA_LINE"] = "2/2";
        Flag("line", "--line", "3/3");
        NodeSettings settings = Load();
        Assert.Equal(("devnet", "FR", "3/3"), (settings.Network.Network, settings.Host.Country, settings.Host.Line));
        Assert.Equal(($"{File}: network", "NOSANA_COUNTRY", "--line", "--market"),
            (settings.NameOf("network"), settings.NameOf("country"), settings.NameOf("line"), settings.NameOf("market")));
    }

    [Fact]
    public void Load_ListInTwoPlaces_IsNotMixed()
    {
        Write("config.json", """{"rpc": ["https://a.example", "https://b.example", "https://c.example"]}""");
        _environment["NOSANA_RPC"] = "https://d.example, https://e.example";
        Assert.Equal(["d.example", "e.example"], Load().Network.Rpc.Select(url => url.Host));
    }

    [Fact]
    public void Load_EmptyEverywhere_IsAbsent()
    {
        Write("config.json", """{"network": "", "rpc": [], "market": null}""");
        _environment["NOSANA_KEY"] = _environment["NOSANA_STATE"] = _environment["NOSANA_NO_SUCH_SETTING"] = _environment["DOCKER_HOST"] = "";
        Flag("line", "--line", "");
        Assert.All(Load().Values, value => Assert.Null(value.Origin));
    }

    [Theory]
    [InlineData("""{"netwrok": "devnet"}""", "there is no setting 'netwrok' - did you mean 'network'?")]
    [InlineData("""{"rpc-rate": 1}""", "did you mean 'rpcRate'?")]
    [InlineData("""{"ipfs": {"api": "https://i.example"}}""", "did you mean 'ipfsApi'?")]
    [InlineData("""{"config": "/other.json"}""", "there is no setting 'config'")]
    [InlineData("""{"line": {"down": 1}}""", "line must be a single value")]
    [InlineData("""{"rpc": {"a": "https://a.example"}}""", "rpc must be a text or a list of texts")]
    [InlineData("""{"line": "fast"}""", "config.json: line 'fast' is not a speed")]
    [InlineData("""{"line": """, "cannot be understood")]
    [InlineData("""["line"]""", "cannot be understood")]
    public void Load_FileThatIsWrong_NamesFileAndKey(string content, string words)
    {
        Write("config.json", content);
        string message = Refused();
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Contains(File, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoDefaultFile_IsFineAndANamedOneIsNot()
    {
        Load();
        _environment["NOSANA_CONFIG"] = File;
        Assert.StartsWith($"NOSANA_CONFIG '{File}' cannot be read", Refused(), StringComparison.Ordinal);
        Flag("config", "--config", "/nonexistent/settings.yml");
        Assert.StartsWith("--config '/nonexistent/settings.yml' cannot be read", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NOSANA_LIEN", " - did you mean NOSANA_LINE?")]
    [InlineData("NOSANA_DOCKER", " - did you mean DOCKER_HOST?")]
    [InlineData("NOSANA_SOMETHING_ELSE", ".")]
    public void Load_UnknownVariable_IsNamedWithTheNearest(string name, string end)
    {
        _environment[name] = "x";
        string message = Refused();
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.EndsWith(end, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_VariablesOfOthers_AreLeftAlone()
    {
        string[] others = ["NOSANA_TEST_CORPUS", "NOSANA_ISOLATED", "NOSANA_UPDATE_SNAPSHOTS", "NOSANA_NODE_ARGS", "NOSANA_DEMO_OWNER", "OTHER"];
        foreach (string name in others) _environment[name] = "x";
        Load();
    }

    [Fact]
    public void Load_SeveralFaults_AreToldAtOnceAsTheyWereWritten()
    {
        Write("config.json", """{"cpus": 0}""");
        _environment["NOSANA_LINE"] = "fast";
        Flag("key", "--wallet", "/k");
        Flag("exposePort", "--expose-port", "70000");
        string message = Refused();
        Assert.Contains("config.json: cpus '0' is not a number of CPUs", message, StringComparison.Ordinal);
        Assert.Contains("NOSANA_LINE 'fast' is not a speed", message, StringComparison.Ordinal);
        Assert.Contains("--expose-port '70000' is not a port", message, StringComparison.Ordinal);
        Assert.Equal(4, message.Split('\n').Length);
    }

    [Fact]
    public void NameOf_Alias_IsTheOneThatWasTyped()
    {
        Flag("key", "--wallet", "/k");
        Assert.Equal("--wallet", Load().NameOf("key"));
    }

    [Fact]
    public void Shown_SecretsAndKeysInUrls_AreNotPrinted()
    {
        _environment["NOSANA_IPFS_JWT"] = "eyJ-secret";
        _environment["NOSANA_RPC"] = "https://rpc.example/v1/secret?key=secret,https://me:secret@other.example";
        SettingValue[] values = [.. Load().Values];
        Assert.Equal("set", values.Single(value => value.Setting.Key == "ipfsJwt").Shown);
        Assert.Equal("https://rpc.example/..., https://...@other.example", values.Single(value => value.Setting.Key == "rpc").Shown);
        Assert.DoesNotContain(values, value => value.Shown?.Contains("secret", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("rpc", "https://rpc.example/", "https://rpc.example/")]
    [InlineData("rpc", "https://rpc.example", "https://rpc.example")]
    [InlineData("rpc", "https://rpc.example/short", "https://rpc.example/...")]
    [InlineData("rpc", "https://rpc.example?key=short", "https://rpc.example/...")]
    [InlineData("rpc", "htps://me:word@rpc.example/short", "htps://...@rpc.example/...")]
    [InlineData("rpc", "rpc.example/short", "rpc.example/...")]
    [InlineData("ws", "wss://rpc.example/short", "wss://rpc.example/...")]
    [InlineData("ipfsGateway", "https://gateway.example/ipfs/?token=short", "https://gateway.example/...")]
    [InlineData("hostManager", "https://manager.example/short", "https://manager.example/...")]
    [InlineData("hostManager", "none", "none")]
    [InlineData("docker", "/var/run/docker.sock", "/var/run/docker.sock")]
    [InlineData("docker", "unix:///var/run/docker.sock", "unix:///var/run/docker.sock")]
    [InlineData("mirror", "https://huggingface.co=https://me:word@mirror.example/hub?key=short", "https://huggingface.co=https://...@mirror.example/hub?...")]
    [InlineData("mirror", "s3://bucket=https://mirror.example/hub", "s3://bucket=https://mirror.example/hub")]
    public void Shown_UrlWithAToken_IsTheSiteAlone(string key, string text, string shown) => Assert.Equal(shown, SettingsTable.Of(key).Shown(text));

    [Fact]
    public void Load_RpcThatCannotBeRead_IsNotPrintedWithItsToken()
    {
        _environment["NOSANA_RPC"] = "ftp://rpc.example/v1/secret";
        Assert.Contains("'ftp://rpc.example/...'", Refused(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SecretInAFileThatAllCanRead_IsRefused()
    {
        string file = Write("config.json", """{"ipfsJwt": "eyJ"}""");
        System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("eyJ", Load().Network.IpfsJwt);
        System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains($"chmod o-r {file}", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    public void Load_CredentialInTwoForms_TheHigherPlaceCounts(bool fileInFile, bool jwtInFile, bool jwtCounts)
    {
        string secret = Write("secret", "of the file");
        if (fileInFile) Write("config.json", $$"""{"ipfsCredentialFile": "{{secret}}"}""");
        else _environment["NOSANA_IPFS_CREDENTIAL_FILE"] = secret;
        if (!jwtInFile)
        {
            _environment["NOSANA_IPFS_JWT"] = "itself";
        }
        else
        {
            Write("config.json", """{"ipfsJwt": "itself"}""");
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        Assert.Equal(jwtCounts ? "itself" : "of the file", NetworkSettings.Of(Load()).IpfsCredential);
    }

    private NodeSettings Load() => NodeSettings.Load(_flags, _environment, File);

    private string Refused()
    {
        CommandException refused = Assert.Throws<CommandException>(Load);
        Assert.Equal(ExitCodes.Refused, refused.ExitCode);
        return refused.Message;
    }

    private void Flag(string key, string written, string text) => _flags.Add(new GivenFlag(SettingsTable.Of(key), written, [text]));

    private string Write(string name, string content)
    {
        string path = Path.Combine(_directory.Path, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }
}
