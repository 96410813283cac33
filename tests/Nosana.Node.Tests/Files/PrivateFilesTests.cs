using Nosana.Node.Files;
using Nosana.Node.Tests.Logs;

namespace Nosana.Node.Tests.Files;

public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode Open = (UnixFileMode)0x1ED; // 0755

    private readonly TemporaryDirectory _place = new();

    private string State => Path.Combine(_place.Path, "above", "state");

    public void Dispose() => _place.Dispose();

    [Fact]
    public void CreateDirectory_WithWhatIsMissingAbove_AllAreThisUsersAlone()
    {
        PrivateFiles.CreateDirectory(State);

        Assert.Equal(PrivateFiles.DirectoryMode, File.GetUnixFileMode(State));
        Assert.Equal(PrivateFiles.DirectoryMode, File.GetUnixFileMode(Path.GetDirectoryName(State)!));
    }

    [Fact]
    public void Claim_New_IsMadeWithoutAWord()
    {
        Assert.Null(PrivateFiles.Claim(State, ["journal.db"]));
        Assert.Equal(PrivateFiles.DirectoryMode, File.GetUnixFileMode(State));
    }

    [Fact]
    public void Claim_OpenAndEmpty_IsClosedWithoutAWord()
    {
        Directory.CreateDirectory(State);
        File.SetUnixFileMode(State, Open);
        Assert.Null(PrivateFiles.Claim(State, ["journal.db"]));
        Assert.Equal(PrivateFiles.DirectoryMode, File.GetUnixFileMode(State));
    }

    [Fact]
    public void Claim_OpenDirectoryOfOurs_IsClosedWithAllThatIsInItAndSaysSo()
    {
        Directory.CreateDirectory(Path.Combine(State, "logs", "job"), Open);
        string entry = Write(Path.Combine("logs", "job", "1.seg")), journal = Write("journal.db-wal");
        File.SetUnixFileMode(State, Open);

        string? warning = PrivateFiles.Claim(State, ["journal.db", "logs"]);

        Assert.Contains($"{State} had mode 0755", warning, StringComparison.Ordinal);
        Assert.Contains("now it has 0700, and 4 entries", warning, StringComparison.Ordinal);
        Assert.Equal(PrivateFiles.DirectoryMode, File.GetUnixFileMode(State));
        Assert.Equal(PrivateFiles.DirectoryMode, File.GetUnixFileMode(Path.Combine(State, "logs", "job")));
        Assert.Equal(PrivateFiles.FileMode, File.GetUnixFileMode(entry));
        Assert.Equal(PrivateFiles.FileMode, File.GetUnixFileMode(journal));
        Assert.Null(PrivateFiles.Claim(State, ["journal.db", "logs"]));
    }

    [Fact]
    public void Claim_OpenDirectoryWithOtherThings_ClosesOnlyWhatIsOurs()
    {
        Directory.CreateDirectory(State);
        string journal = Write("journal.db"), others = Write("their-service.sock");
        File.SetUnixFileMode(State, Open);

        string? warning = PrivateFiles.Claim(State, ["journal.db"]);

        Assert.Contains("holds other things", warning, StringComparison.Ordinal);
        Assert.Equal(Open, File.GetUnixFileMode(State));
        Assert.Equal(PrivateFiles.FileMode, File.GetUnixFileMode(journal));
        Assert.Equal((UnixFileMode)0x1A4, File.GetUnixFileMode(others)); // 0644
    }

    [Fact]
    public void Claim_SymbolicLinkInIt_WhereItLeadsStaysAsItIs()
    {
        Directory.CreateDirectory(State);
        string others = Path.Combine(_place.Path, "others");
        Directory.CreateDirectory(others);
        File.SetUnixFileMode(others, Open);
        Directory.CreateSymbolicLink(Path.Combine(State, "logs"), others);
        File.SetUnixFileMode(State, Open);

        Assert.NotNull(PrivateFiles.Claim(State, ["logs"]));
        Assert.Equal(PrivateFiles.DirectoryMode, File.GetUnixFileMode(State));
        Assert.Equal(Open, File.GetUnixFileMode(others));
    }

    private string Write(string name)
    {
        string path = Path.Combine(State, name);
        File.WriteAllText(path, "x");
        File.SetUnixFileMode(path, (UnixFileMode)0x1A4); // 0644
        return path;
    }
}
