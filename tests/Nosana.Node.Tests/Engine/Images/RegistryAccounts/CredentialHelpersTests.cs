using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Tests.HostManager;
using Nosana.Node.Tests.Logs;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine.Images.RegistryAccounts;

/// <summary>Helper programs as an operator has them: small scripts in a directory.</summary>
public sealed class CredentialHelpersTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LogLines _logs = new();
    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Config => Path.Combine(_directory.Path, "config.json");

    public void Dispose()
    {
        _logs.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task FindAsync_HelperAnswers_ItsAccountAndTheServerItWasAsked()
    {
        Helper("good", """read -r server; echo "{\"ServerURL\":\"$server\",\"Username\":\"$1 $server\",\"Secret\":\"s3cret\"}" """);
        RegistryCredentials? found = await Helpers().FindAsync("good", "ghcr.io", Token);
        Assert.Equal(new RegistryCredentials("get ghcr.io", "s3cret"), found);
        Assert.Empty(_logs.Lines);
    }

    [Fact]
    public async Task FindAsync_TokenUser_IsAnIdentityToken()
    {
        Helper("token", """echo '{"Username":"<token>","Secret":"jwt"}'""");
        Assert.Equal(new RegistryCredentials("", "", IdentityToken: "jwt"), await Helpers().FindAsync("token", "ghcr.io", Token));
    }

    [Fact]
    public async Task FindAsync_NothingKept_NoAccountAndNoWarning()
    {
        Helper("empty", "echo 'credentials not found in native keychain'; exit 1");
        Assert.Null(await Helpers().FindAsync("empty", "ghcr.io", Token));
        Assert.Empty(_logs.Lines);
    }

    [Theory]
    [InlineData("echo 'keychain is locked'; exit 3", "ended with 3: keychain is locked")]
    [InlineData("echo 'user=s3cret'", "not JSON")]
    [InlineData("exit 1", "says nothing")]
    [InlineData("echo '{\"Secret\":\"s3cret\"}'; echo broken >&2; exit 1", "ended with 1: broken")]
    [InlineData("head -c 100000 /dev/zero | tr '\\0' 's'", "more than")]
    [InlineData("head -c 1000000 /dev/zero | tr '\\0' 's'; sleep 1000", "more than")]
    [InlineData("head -c 1000000 /dev/zero | tr '\\0' 's' >&2; sleep 1000", "more than")]
    public async Task FindAsync_HelperFails_WarnsWithoutItsSecretAndGoesOnWithoutAccount(string script, string words)
    {
        Helper("bad", script);
        Assert.Null(await Helpers().FindAsync("bad", "ghcr.io", Token));
        string line = Assert.Single(_logs.Lines);
        Assert.StartsWith("Warning", line, StringComparison.Ordinal);
        Assert.Contains(words, line, StringComparison.Ordinal);
        Assert.Contains("ghcr.io", line, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing", "PATH")]
    [InlineData("../evil", "not the name of a helper")]
    [InlineData("a;b", "not the name of a helper")]
    [InlineData("noexec", "cannot be started")]
    public async Task FindAsync_NoSuchHelper_SaysWhatToDo(string name, string words)
    {
        Directory.CreateDirectory(Path.Combine(_directory.Path, "docker-credential-.."));
        File.WriteAllText(Path.Combine(_directory.Path, "evil"), "#!/bin/sh\ntouch ran");
        File.WriteAllText(Path.Combine(_directory.Path, "docker-credential-noexec"), "#!/bin/sh\n");
        Assert.Null(await Helpers().FindAsync(name, "ghcr.io", Token));
        Assert.Contains(words, Assert.Single(_logs.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_HelperHangs_IsEndedAfterAWhile()
    {
        string pids = Path.Combine(_directory.Path, "pid");
        Helper("slow", $"echo $$ > {pids}.part; mv {pids}.part {pids}; sleep 600");
        Task<RegistryCredentials?> asking = Helpers().FindAsync("slow", "ghcr.io", Token);
        await Eventually.TrueAsync(() => File.Exists(pids), "the helper runs");
        _clock.Advance(CredentialHelpers.Patience);
        Assert.Null(await asking);
        Assert.Contains("did not answer", Assert.Single(_logs.Lines), StringComparison.Ordinal);
        string process = $"/proc/{File.ReadAllText(pids).Trim()}";
        await Eventually.TrueAsync(() => !Directory.Exists(process), "the helper is gone");
    }

    [Fact]
    public async Task FindAsync_AgentsOwnSettings_AreNotGivenToIt()
    {
        Environment.SetEnvironmentVariable("NOSANA_TEST_CREDENTIAL", "own");
        Helper("env", """echo "{\"Username\":\"<${NOSANA_TEST_CREDENTIAL}>\",\"Secret\":\"x\"}" """);
        Assert.Equal("<>", (await Helpers().FindAsync("env", "ghcr.io", Token))!.Username);
    }

    [Theory]
    [InlineData("""{"credHelpers":{"ghcr.io":"good"},"credsStore":"bad"}""", "get ghcr.io")]
    [InlineData("""{"credsStore":"good","auths":{"ghcr.io":{}}}""", "get ghcr.io")]
    [InlineData("""{"credsStore":"empty","auths":{"ghcr.io":{"username":"file","password":"p"}}}""", "file")]
    [InlineData("""{"credHelpers":{"other.example":"bad"},"auths":{"ghcr.io":{"username":"file","password":"p"}}}""", "file")]
    [InlineData("""{"credHelpers":{"ghcr.io":""},"credsStore":"bad"}""", null)]
    public async Task FindAsync_InConfig_TheRegistrysOwnHelperWins(string config, string? user)
    {
        Helper("good", """read -r server; echo "{\"Username\":\"$1 $server\",\"Secret\":\"x\"}" """);
        Helper("empty", "echo 'credentials not found in native keychain'; exit 1");
        await File.WriteAllTextAsync(Config, config, Token);
        RegistryCredentials? found = await new DockerConfigFile(Config, Helpers()).FindAsync("ghcr.io", Token);
        Assert.Equal(user, found?.Username);
        Assert.Empty(_logs.Lines);
    }

    [Fact]
    public async Task FindAsync_DockerHub_IsAskedForByItsOldAddress()
    {
        Helper("good", """read -r server; echo "{\"Username\":\"$server\",\"Secret\":\"x\"}" """);
        await File.WriteAllTextAsync(Config, """{"credHelpers":{"docker.io":"good"}}""", Token);
        RegistryCredentials? found = await new DockerConfigFile(Config, Helpers()).FindAsync("docker.io", Token);
        Assert.Equal(("https://index.docker.io/v1/", "docker.io"), (found!.Username, found.Server));
    }

    private CredentialHelpers Helpers() => new([Path.Combine(_directory.Path, "none"), _directory.Path], new Microsoft.Extensions.Logging.Logger<CredentialHelpers>(_logs), _clock);

    private void Helper(string name, string script)
    {
        string path = Path.Combine(_directory.Path, $"docker-credential-{name}");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
