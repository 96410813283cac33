using System.Text;
using Microsoft.Win32.SafeHandles;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Solana.Tests.Wallet;

public sealed class KeyFileTests : IDisposable
{
    private const UnixFileMode Wide = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string _directory = Directory.CreateTempSubdirectory("keyfile").FullName;

    private string KeyPath => Path.Combine(_directory, "key.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Create_InNewDirectories_MakesModes0600And0700AndLeavesNothingElse()
    {
        string path = Path.Combine(_directory, "a", "b", "key.json");
        using Account account = KeyFile.Create(path);
        Assert.Equal(KeyFile.FileMode, File.GetUnixFileMode(path));
        Assert.Equal(KeyFile.DirectoryMode, File.GetUnixFileMode(Path.Combine(_directory, "a")));
        Assert.Equal(KeyFile.DirectoryMode, File.GetUnixFileMode(Path.Combine(_directory, "a", "b")));
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
        LoadedKey loaded = KeyFile.Load(path);
        Assert.Equal(account.PublicKey, loaded.Account.PublicKey);
        Assert.Null(loaded.Warning);
    }

    [Fact]
    public void Create_OverExistingFile_ThrowsAndKeepsIt()
    {
        File.WriteAllText(KeyPath, "precious");
        KeyFileException error = Assert.Throws<KeyFileException>(() => KeyFile.Create(KeyPath));
        Assert.Contains("not overwritten", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(KeyPath));
        Assert.Single(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public void Load_JsonArrayOfOfficialTools_GivesTheKey()
    {
        using Account account = TestKeys.Of(1);
        WritePrivate($"[ {string.Join(", ", account.ExportSecretKey())} ]\n");
        Assert.Equal("AKnL4NNf3DGWZJS6cPknBuEGnVsV4A4m5tgebLHaRSZ9", KeyFile.Load(KeyPath).Account.PublicKey.Key);
    }

    [Fact]
    public void Load_Base58Text_GivesTheKey()
    {
        using Account account = TestKeys.Of(1);
        WritePrivate(Encoders.Base58.EncodeData(account.ExportSecretKey()) + "\n");
        Assert.Equal(account.PublicKey, KeyFile.Load(KeyPath).Account.PublicKey);
    }

    [Fact]
    public void Load_WiderFileOfOurs_IsNarrowedWithAWarning()
    {
        KeyFile.Create(KeyPath).Dispose();
        File.SetUnixFileMode(KeyPath, Wide);
        LoadedKey loaded = KeyFile.Load(KeyPath);
        Assert.Equal(KeyFile.FileMode, File.GetUnixFileMode(KeyPath));
        Assert.NotNull(loaded.Warning);
        Assert.Contains("0644", loaded.Warning, StringComparison.Ordinal);
        Assert.Contains(KeyPath, loaded.Warning, StringComparison.Ordinal);
        Assert.Null(KeyFile.Load(KeyPath).Warning);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_WiderFileThatCannotBeNarrowed_IsRefusedWithTheChmodLine(bool throws)
    {
        KeyFile.Create(KeyPath).Dispose();
        KeyFileException error = Assert.Throws<KeyFileException>(() => KeyFile.Load(KeyPath, new StubbornModes(throws)));
        Assert.Contains($"chmod 600 '{KeyPath}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("0644", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAddress_WiderFile_LeavesTheModeAlone()
    {
        using Account account = KeyFile.Create(KeyPath);
        File.SetUnixFileMode(KeyPath, Wide);
        Assert.Equal(account.PublicKey, KeyFile.ReadAddress(KeyPath));
        Assert.Equal(Wide, File.GetUnixFileMode(KeyPath));
    }

    [Fact]
    public void LoadOrCreate_TwiceOnOnePath_CreatesOnce()
    {
        LoadedKey first = KeyFile.LoadOrCreate(KeyPath);
        LoadedKey second = KeyFile.LoadOrCreate(KeyPath);
        Assert.True(first.Created);
        Assert.False(second.Created);
        Assert.Equal(first.Account.PublicKey, second.Account.PublicKey);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n", "is empty")]
    [InlineData("[1,2,3]", "3 numbers, not 64")]
    [InlineData("[1,2,256]", "element 2")]
    [InlineData("[1,-2]", "element 1")]
    [InlineData("[1,2.5]", "element 1")]
    [InlineData("[1,\"2\"]", "element 1")]
    [InlineData("[1,[2]]", "element 1")]
    [InlineData("[1,2", "not a JSON array")]
    [InlineData("{\"a\":1}", "neither")]
    [InlineData("not a key", "neither")]
    [InlineData("AKnL4NNf3DGWZJS6cPknBuEGnVsV4A4m5tgebLHaRSZ9", "neither")]
    public void Load_DamagedFile_SaysWhatAndWhere(string content, string expected)
    {
        WritePrivate(content);
        KeyFileException error = Assert.Throws<KeyFileException>(() => KeyFile.Load(KeyPath));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(KeyPath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TooManyNumbers_IsDamaged()
    {
        WritePrivate($"[{string.Join(",", Enumerable.Repeat(7, 65))}]");
        Assert.Contains("more than 64", Assert.Throws<KeyFileException>(() => KeyFile.Load(KeyPath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ForeignPublicHalf_IsDamagedAndTellsNoSecret()
    {
        using Account account = TestKeys.Of(200);
        byte[] secret = account.ExportSecretKey();
        secret[63] ^= 1;
        WritePrivate($"[{string.Join(",", secret)}]");
        KeyFileException error = Assert.Throws<KeyFileException>(() => KeyFile.Load(KeyPath));
        Assert.Contains("does not belong", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("200", error.ToString().Replace(KeyPath, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LongFile_IsNoKeyFile()
    {
        WritePrivate(new string('[', 5000));
        Assert.Contains("longer than 4096", Assert.Throws<KeyFileException>(() => KeyFile.Load(KeyPath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AbsentFileOrDirectory_SaysSo()
    {
        Assert.Contains("no key file", Assert.Throws<KeyFileException>(() => KeyFile.Load(KeyPath)).Message, StringComparison.Ordinal);
        Assert.Contains(_directory, Assert.Throws<KeyFileException>(() => KeyFile.Load(_directory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Utf8WithByteOrderMark_IsRead()
    {
        using Account account = TestKeys.Of(3);
        byte[] text = [.. Encoding.UTF8.Preamble, .. Encoding.ASCII.GetBytes($"[{string.Join(",", account.ExportSecretKey())}]")];
        using Account parsed = KeyFile.Parse(text, "SOLANA_WALLET");
        Assert.Equal(account.PublicKey, parsed.PublicKey);
    }

    private void WritePrivate(string content)
    {
        File.WriteAllText(KeyPath, content);
        File.SetUnixFileMode(KeyPath, KeyFile.FileMode);
    }

    /// <summary>A file system on which files stay wide open, loudly or silently.</summary>
    private sealed class StubbornModes(bool throws) : IKeyFileModes
    {
        public UnixFileMode Get(SafeFileHandle file) => Wide;

        public void Set(SafeFileHandle file, UnixFileMode mode)
        {
            if (throws) throw new UnauthorizedAccessException("Operation not permitted");
        }
    }
}
