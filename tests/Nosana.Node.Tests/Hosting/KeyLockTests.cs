using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Nosana.Node.Hosting;
using Nosana.Node.Journal;
using Nosana.Node.Tests.Logs;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Tests.Hosting;

public sealed class KeyLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _file;
    private readonly string _address;

    public KeyLockTests()
    {
        _file = Path.Combine(_directory.Path, "key.json");
        using Account made = KeyFile.Create(_file);
        _address = made.PublicKey.Key;
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Acquire_HeldAlready_NamesTheHolder()
    {
        using KeyLock held = KeyLock.Acquire(_file, _address);

        string message = Assert.Throws<JournalException>(() => KeyLock.Acquire(_file, _address)).Message;

        Assert.Null(held.Warning);
        Assert.Contains($"pid {Environment.ProcessId}", message, StringComparison.Ordinal);
        Assert.Contains("already serves with the key", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_GivenUp_IsFreeAgain()
    {
        KeyLock.Acquire(_file, _address).Dispose();
        KeyLock.Acquire(_file, _address).Dispose();
    }

    [Fact]
    public void Acquire_KeyReadMeanwhile_BothGoOn()
    {
        using FileStream reader = File.OpenRead(_file);
        Assert.Throws<JournalException>(() => KeyLock.Acquire(_file, _address));
        reader.Dispose();
        using KeyLock held = KeyLock.Acquire(_file, _address);
        Assert.Equal(_address, KeyFile.ReadAddress(_file).Key);
        KeyFile.Load(_file).Account.Dispose();
    }

    [Fact]
    public async Task Acquire_HeldByAnotherProcess_NamesItAndIsFreeWhenItIsKilled()
    {
        using Process holder = Process.Start(new ProcessStartInfo("flock", ["--shared", "--no-fork", _file, "sh", "-c", "echo held; exec cat"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"pid {holder.Id}"), Assert.Throws<JournalException>(() => KeyLock.Acquire(_file, _address)).Message, StringComparison.Ordinal);

        holder.Kill(entireProcessTree: true);
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        using KeyLock taken = KeyLock.Acquire(_file, _address);
    }

    [Fact]
    public void Acquire_CopyOfTheKeyByTheSameUser_IsRefused()
    {
        string copy = Path.Combine(_directory.Path, "copy.json");
        File.Copy(_file, copy);
        using KeyLock held = KeyLock.Acquire(_file, _address);

        Assert.Contains("a copy of the key", Assert.Throws<JournalException>(() => KeyLock.Acquire(copy, _address)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_NameTakenBySomebodyWhoDoesNotListen_WarnsAndGoesOn()
    {
        using var squatter = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        squatter.Bind(new UnixDomainSocketEndPoint($"\0nosana-node/{_address}"));

        using KeyLock held = KeyLock.Acquire(_file, _address);

        Assert.Contains("uid unknown", held.Warning, StringComparison.Ordinal);
    }
}
