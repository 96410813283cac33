using System.Globalization;
using System.Security.Cryptography;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Persistence;

/// <summary>What makes a chain the same chain after a restart.</summary>
internal sealed record ChainIdentity(PublicKey GenesisHash, DateTimeOffset GenesisTime, PublicKey Poster)
{
    private const string HashName = "genesis_hash", TimeName = "genesis_time_ms", PosterName = "poster";

    /// <summary>Reads the identity from a database, or makes one when there is none.</summary>
    public static ChainIdentity ReadOrCreate(LocalNetDatabase? database, TimeProvider time, PublicKey poster, out bool isNew)
    {
        isNew = database?.ReadMeta(HashName) is null;
        if (isNew) return new ChainIdentity(new PublicKey(RandomNumberGenerator.GetBytes(PublicKey.Length)), time.GetUtcNow(), poster);
        var kept = new ChainIdentity(
            new PublicKey(database!.ReadMeta(HashName)!),
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(database.ReadMeta(TimeName)!, CultureInfo.InvariantCulture)),
            new PublicKey(database.ReadMeta(PosterName)!));
        return kept.Poster == poster
            ? kept
            : throw new LocalNetException(
                $"The database belongs to a network whose poster is {kept.Poster}, but the key directory's poster is {poster}. " +
                "Use the key directory it was started with, or another database file.");
    }

    /// <summary>Written last, so that a genesis that was cut short is made again.</summary>
    public void Write(LocalNetDatabase database)
    {
        database.WriteMeta(TimeName, GenesisTime.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        database.WriteMeta(PosterName, Poster);
        database.WriteMeta(HashName, GenesisHash);
    }
}
