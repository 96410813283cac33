using Microsoft.Data.Sqlite;
using Nosana.Ipfs;
using Nosana.LocalNet.Content;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Persistence;

/// <summary>
/// The chain's accounts and the pinned content in a SQLite file, written as they change. The ledger of past transactions is not kept:
/// a blockhash from before a restart is valid no more, so none of them can be sent again.
/// </summary>
internal sealed class LocalNetDatabase : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS accounts (
            address BLOB PRIMARY KEY, lamports INTEGER NOT NULL, owner BLOB NOT NULL, executable INTEGER NOT NULL, data BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS pins (digest BLOB PRIMARY KEY, content BLOB NOT NULL, pinned_at INTEGER NOT NULL, type TEXT) WITHOUT ROWID;
        """;

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;

    /// <exception cref="LocalNetException">The file cannot be made or is not a database.</exception>
    public LocalNetDatabase(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _connection.Open();
            using SqliteCommand command = Command(Schema);
            command.ExecuteNonQuery();
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            _connection.Dispose();
            throw new LocalNetException(
                $"The database {path} cannot be used: {exception.Message} Move the file away to begin with an empty network, or name another.", exception);
        }
    }

    public string? ReadMeta(string name)
    {
        using SqliteCommand command = Command("SELECT value FROM meta WHERE name = $name", ("$name", name));
        return command.ExecuteScalar() as string;
    }

    public void WriteMeta(string name, string value)
    {
        using SqliteCommand command = Command("INSERT OR REPLACE INTO meta VALUES ($name, $value)", ("$name", name), ("$value", value));
        command.ExecuteNonQuery();
    }

    public IReadOnlyList<KeyValuePair<PublicKey, AccountState>> ReadAccounts()
    {
        using SqliteCommand command = Command("SELECT address, lamports, owner, executable, data FROM accounts");
        using SqliteDataReader reader = command.ExecuteReader();
        var accounts = new List<KeyValuePair<PublicKey, AccountState>>();
        while (reader.Read())
        {
            var state = new AccountState(
                unchecked((ulong)reader.GetInt64(1)), new PublicKey((byte[])reader.GetValue(2)), (byte[])reader.GetValue(4), reader.GetInt64(3) != 0);
            accounts.Add(new(new PublicKey((byte[])reader.GetValue(0)), state));
        }
        return accounts;
    }

    public void WriteAccounts(IReadOnlyList<KeyValuePair<PublicKey, AccountState>> accounts)
    {
        lock (_lock)
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            foreach ((PublicKey key, AccountState state) in accounts)
            {
                using SqliteCommand command = state.Lamports == 0
                    ? Command("DELETE FROM accounts WHERE address = $address", ("$address", key.KeyBytes))
                    : Command("INSERT OR REPLACE INTO accounts VALUES ($address, $lamports, $owner, $executable, $data)",
                        ("$address", key.KeyBytes), ("$lamports", unchecked((long)state.Lamports)), ("$owner", state.Owner.KeyBytes),
                        ("$executable", state.Executable ? 1 : 0), ("$data", state.Data.ToArray()));
                command.Transaction = transaction;
                command.ExecuteNonQuery();
            }
            transaction.Commit();
        }
    }

    public void ReadPins(IpfsStore store)
    {
        using SqliteCommand command = Command("SELECT digest, content, pinned_at, type FROM pins");
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            var pin = new Pin(
                (byte[])reader.GetValue(1), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), reader.IsDBNull(3) ? null : reader.GetString(3));
            store.Restore(Cid.FromDigest((byte[])reader.GetValue(0)), pin);
        }
    }

    public void WritePin(Cid cid, Pin pin)
    {
        lock (_lock)
        {
            using SqliteCommand command = Command("INSERT OR IGNORE INTO pins VALUES ($digest, $content, $at, $type)",
                ("$digest", cid.Digest), ("$content", pin.Content.ToArray()), ("$at", pin.PinnedAt.ToUnixTimeMilliseconds()),
                ("$type", (object?)pin.ContentType ?? DBNull.Value));
            command.ExecuteNonQuery();
        }
    }

    public void Dispose() => _connection.Dispose();

    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        foreach ((string name, object value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
