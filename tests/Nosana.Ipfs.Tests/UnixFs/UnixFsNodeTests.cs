using System.Text;
using Nosana.Ipfs.UnixFs;

namespace Nosana.Ipfs.Tests.UnixFs;

/// <summary>
/// The vectors with a size were made with npm <c>ipfs-unixfs-importer</c> 17 and the options <c>{cidVersion: 0, rawLeaves: false}</c>, all else at its
/// defaults, over the bytes of <see cref="Content"/> (xorshift32 seeded 0x9E3779B9, the top byte of each state). The end-to-end tests make them anew.
/// </summary>
public sealed class UnixFsNodeTests
{
    private const int Chunk = UnixFsBuilder.ChunkSize;

    [Theory]
    [InlineData("", "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH")]
    [InlineData("{}", "QmbJWAESqCsf4RFCqEY7jecCashj8usXiyDNfKtZCwwzGb")]
    [InlineData("hello world\n", "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o")]
    [InlineData(
        """{"version":"0.1","type":"container","meta":{"trigger":"cli"},"logistics":{"send":{"type":"api-listen","args":{}},"receive":{"type":"api-listen","args":{}}},"ops":[]}""",
        "QmYBbVdWFgfoTEdPT7mnaXJz6zQzfKb1Pts4A5B9kDMBph")]
    public void Build_KnownDocument_HasItsCid(string text, string expected)
    {
        UnixFsNode node = UnixFsNode.Build(Encoding.UTF8.GetBytes(text));

        Assert.Equal(expected, node.Cid.ToString());
        Assert.Equal(node.Cid, Assert.Single(node.Blocks).Cid);
    }

    [Theory]
    [InlineData(0, 1, "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH")]
    [InlineData(1, 1, "QmWYcdXGKwQnUodrcWgd71yevKZCiKznvUiZduBnb3SFWg")]
    [InlineData(255, 1, "QmSV4z8GFcqKBUTfJv8QQphbgXx1N5mcSEN5Po3jdXxqXg")]
    [InlineData(Chunk - 1, 1, "QmeY3gJi7ETB5aDLsM3RLWiT9u4WQVgANSydyy8FXQBkFb")]
    [InlineData(Chunk, 1, "QmRrvZ2rXTkJSqFnqmYGUehsTDPHpABx6B7zHnGrj6uyps")]
    [InlineData(Chunk + 1, 3, "Qmd7v6GWSCdi5ePuMMYV8eQp8FnEATCBwgoqpgZMv2gvim")]
    [InlineData(3_000_000, 13, "QmQJfkdaVVSRheCk5KxNzGKYyfu1evGWox16BsFMoxNNdG")]
    [InlineData(174 * Chunk, 175, "QmVGTB11HZPdeE3oioNuzDanm6eGAzbk31iSgkk3NVY7rK")]
    [InlineData(174 * Chunk + 1, 178, "QmNqDQ7VagekhJxMcHfkfVY2eAgA9FhACU9chNkrPSbD6V")]
    [InlineData(175 * Chunk, 178, "QmRY3uSYMbk7Je49xdN6r7ppnjL1wB1GLr9b5Uk6P5gR58")]
    [InlineData(46_000_000, 179, "QmawS1PrEuEHoUC3Fdw9swMM3fffQtqS3vWsRndTQyPjzQ")]
    public void Build_SizesAroundTheLimits_MatchTheReferenceImporter(int size, int blocks, string expected)
    {
        UnixFsNode node = UnixFsNode.Build(Content(size));

        Assert.Equal(expected, node.Cid.ToString());
        Assert.Equal(size, node.Length);
        Assert.Equal(blocks, node.Blocks.Count);
        Assert.Equal(node.Cid, node.Blocks[^1].Cid);
        Assert.All(node.Blocks, block => Assert.Equal(block.Cid, Cid.OfBlock(block.Bytes.Span)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4093)]
    [InlineData(Chunk + 7)]
    public void Build_StreamReadInPieces_EqualsTheSpan(int piece)
    {
        byte[] content = Content(600_000);
        using var stream = new PiecewiseStream(content, piece);

        UnixFsNode node = UnixFsNode.Build(stream);

        Assert.Equal(UnixFsNode.CidOf(content), node.Cid);
        Assert.Equal(content.Length, node.Length);
    }

    [Fact]
    public void Build_RepeatedChunks_KeepsEachBlockOnce()
    {
        UnixFsNode node = UnixFsNode.Build(new byte[3 * Chunk]);

        Assert.Equal(2, node.Blocks.Count);
    }

    [Fact]
    public void Finish_CalledTwice_Throws()
    {
        var builder = new UnixFsBuilder();
        builder.Finish();
        Assert.Throws<ObjectDisposedException>(() => builder.Finish());
        Assert.Throws<ObjectDisposedException>(() => builder.Append("x"u8));
    }

    internal static byte[] Content(int size)
    {
        var bytes = new byte[size];
        uint x = 0x9E3779B9;
        for (int i = 0; i < size; i++)
        {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            bytes[i] = (byte)(x >> 24);
        }
        return bytes;
    }

    private sealed class PiecewiseStream(byte[] content, int piece) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, piece)]);
    }
}
