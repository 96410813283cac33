using System.Formats.Tar;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Tests.Logs;

namespace Nosana.Node.Tests.Engine.Resources;

/// <summary>Archives that go into volumes.</summary>
public sealed class VolumeTarTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Write_Files_ComeWithTheirDirectoriesAndLeaveThisMachine()
    {
        StagedFile[] files = [Stage("a/b/one", "1", "23"), Stage("a/two", "x")];
        using var archive = new MemoryStream();

        await VolumeTar.WriteAsync(files, archive, Token);

        archive.Position = 0;
        Assert.Equal(["a/", "a/b/", "a/b/one=123", "a/two=x"], await ReadAsync(archive));
        Assert.Empty(Directory.EnumerateFiles(_directory.Path));
    }

    [Fact]
    public async Task CopyWritable_LinksAndDevices_AreLeftOut()
    {
        using var from = new MemoryStream();
        await using (var tar = new TarWriter(from, leaveOpen: true))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, "./"), Token);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "./link") { LinkName = "/etc" }, Token);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.CharacterDevice, "./device"), Token);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "./file") { DataStream = new MemoryStream("f"u8.ToArray()) }, Token);
        }
        from.Position = 0;
        using var to = new MemoryStream();

        await VolumeTar.CopyWritableAsync(new Forward(from), to, Token);

        to.Position = 0;
        Assert.Equal(["./", "./file=f"], await ReadAsync(to));
    }

    [Fact]
    public async Task Write_FileBeyondEightGibibytes_HasItsSizeInTheHeader()
    {
        const long Size = 9L << 30;
        string part = Path.Combine(_directory.Path, "sparse");
        await using (FileStream file = File.Create(part)) file.SetLength(Size);
        using var head = new Head(8192);

        await Assert.ThrowsAsync<EndOfStreamException>(() => VolumeTar.WriteAsync([new StagedFile("weights", [part], Size)], head, Token));

        await using var tar = new TarReader(new Forward(new MemoryStream(head.Content)));
        Assert.Equal(Size, (await tar.GetNextEntryAsync(copyData: false, Token))!.Length);
    }

    private StagedFile Stage(string path, params string[] parts)
    {
        string[] paths = [.. parts.Select((_, index) => Path.Combine(_directory.Path, $"{path.Replace('/', '-')}.{index}"))];
        for (int index = 0; index < parts.Length; index++) File.WriteAllText(paths[index], parts[index]);
        return new StagedFile(path, paths, parts.Sum(part => part.Length));
    }

    private static async Task<List<string>> ReadAsync(Stream archive)
    {
        var entries = new List<string>();
        await using var tar = new TarReader(archive);
        while (await tar.GetNextEntryAsync(copyData: true, Token) is { } entry)
        {
            Assert.Equal((0, 0), (entry.Uid, entry.Gid));
            entries.Add(entry.EntryType == TarEntryType.Directory ? entry.Name : $"{entry.Name}={await new StreamReader(entry.DataStream!).ReadToEndAsync(Token)}");
        }
        return entries;
    }

    /// <summary>What a connection is: it cannot seek.</summary>
    private sealed class Forward(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
            // nothing is written
        }
    }

    /// <summary>Takes the beginning of an archive and then no more.</summary>
    private sealed class Head(int limit) : Stream
    {
        private readonly MemoryStream _content = new();

        public byte[] Content => _content.ToArray();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            _content.Write(buffer, offset, count);
            if (_content.Length > limit) throw new EndOfStreamException();
        }

        public override void Flush()
        {
            // nothing is held back
        }
    }
}
