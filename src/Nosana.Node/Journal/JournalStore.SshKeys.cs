namespace Nosana.Node.Journal;

/// <summary>Keys that owners granted for SSH while their jobs run; they go with the run.</summary>
internal sealed partial class JournalStore
{
    public void Save(KeyRow key) => Execute(
        """
        INSERT INTO ssh_keys (job, key, line, expires_at, revoked) VALUES (@Job, @Key, @Line, @ExpiresAt, @Revoked)
        ON CONFLICT (job, key) DO UPDATE SET line = @Line, expires_at = @ExpiresAt, revoked = @Revoked
        """,
        key);

    public void DeleteSshKey(string job, string key) => Execute("DELETE FROM ssh_keys WHERE job = @job AND key = @key", new { job, key });

    public IReadOnlyList<KeyRow> SshKeysOf(string job) =>
        Read<KeyRow>("SELECT job, key, line, expires_at, revoked FROM ssh_keys WHERE job = @job ORDER BY rowid", new { job });
}
