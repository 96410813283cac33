using System.Diagnostics;
using System.Globalization;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Ipfs.UnixFs;

namespace Nosana.EndToEnd.Tests.Ipfs;

/// <summary>Our identifiers beside those of npm's <c>ipfs-unixfs-importer</c>, made on the spot: the source of the vectors in Nosana.Ipfs.Tests.</summary>
public sealed class ReferenceImporterTests
{
    private const int Seed = 20_261_121;
    private const int RandomSizes = 24, LargestRandomSize = 3_000_000;
    private const int Chunk = UnixFsBuilder.ChunkSize;

    // Both sides make the content themselves: xorshift32, the top byte of each state.
    private const string Script =
        """
        import { importer } from 'ipfs-unixfs-importer'
        const blockstore = { async put (cid) { return cid }, async has () { return false } }
        for (const size of process.argv.slice(1).map(Number)) {
          const content = new Uint8Array(size)
          for (let i = 0, x = 0x9E3779B9; i < size; i++) {
            x ^= x << 13; x >>>= 0; x ^= x >>> 17; x ^= x << 5; x >>>= 0
            content[i] = x >>> 24
          }
          let root
          for await (const entry of importer([{ path: 'file', content }], blockstore, { cidVersion: 0, rawLeaves: false })) root = entry
          console.log(root.cid.toString())
        }
        """;

    [Fact]
    public async Task Build_SizesAroundTheLimitsAndRandomOnes_IsTheImportersCid()
    {
        var random = new Random(Seed);
        int[] sizes =
        [
            0, 1, 127, 128, 255, Chunk - 1, Chunk, Chunk + 1, 2 * Chunk, 3_000_000, 174 * Chunk, 174 * Chunk + 1, 175 * Chunk, 46_000_000,
            .. Enumerable.Range(0, RandomSizes).Select(_ => random.Next(LargestRandomSize)),
        ];

        ProcessStartInfo importer = TestNode.StartScript(Script, sizes.Select(size => size.ToString(CultureInfo.InvariantCulture)));
        string[] reference = await TestNode.LinesAsync(importer, TestContext.Current.CancellationToken);

        Assert.Equal(sizes.Length, reference.Length);
        Assert.All(sizes.Zip(reference), pair => Assert.Equal($"{pair.First}: {pair.Second}", $"{pair.First}: {UnixFsNode.CidOf(Content(pair.First))}"));
    }

    private static byte[] Content(int size)
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
}
