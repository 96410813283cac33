using System.Security.Cryptography;
using Nosana.Node.Logs;

namespace Nosana.Node.Tests.Logs;

public sealed class RunningSha256Tests
{
    [Fact]
    public void ToHex_AnyLength_EqualsThePlatforms()
    {
        byte[] data = new byte[300];
        new Random(1).NextBytes(data);
        for (int length = 0; length <= data.Length; length++)
        {
            var hash = new RunningSha256();
            hash.Append(data.AsSpan(0, length));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(data.AsSpan(0, length))), hash.ToHex());
        }
    }

    [Fact]
    public void Restore_AtRandomCuts_GoesOnAsIfNeverCut()
    {
        var random = new Random(2);
        byte[] state = new byte[RunningSha256.StateSize];
        for (int round = 0; round < 200; round++)
        {
            byte[] data = new byte[random.Next(5000)];
            random.NextBytes(data);
            var hash = new RunningSha256();
            for (int at = 0; at < data.Length;)
            {
                int length = Math.Min(random.Next(1, 200), data.Length - at);
                hash.Append(data.AsSpan(at, length));
                at += length;
                if (random.Next(3) > 0) continue;
                hash.Save(state);
                _ = hash.ToHex();
                hash = new RunningSha256();
                hash.Restore(state);
            }
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(data)), hash.ToHex());
        }
    }
}
