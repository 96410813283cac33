using System.Globalization;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Testing;
using Npgsql;

namespace Nosana.Deployments.Tests.Store;

/// <summary>A store in a database of its own, migrated from empty; gone with it.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly string _name = $"nosana_{Guid.NewGuid():n}";
    private readonly Database _kind;
    private readonly List<DeploymentDatabase> _opened = [];

    private TestStore(Database kind) => _kind = kind;

    public ManualTimeProvider Time { get; } = new();

    public DeploymentDatabase Database { get; private set; } = null!;

    public DeploymentStore Store { get; private set; } = null!;

    public string Path => System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{_name}.db");

    /// <summary>PostgreSQL alone.</summary>
    public string Connection => new NpgsqlConnectionStringBuilder(BothAttribute.Postgres) { Database = _name }.ToString();

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<TestStore> OpenAsync(Database kind)
    {
        if (kind == Tests.Store.Database.Sqlite) return Ready(kind, await s_migrated.Value);
        TestStore made = await EmptyAsync(kind);
        await made.Database.MigrateAsync(Stop);
        return made;
    }

    /// <summary>Without tables.</summary>
    public static async Task<TestStore> EmptyAsync(Database kind)
    {
        var made = new TestStore(kind);
        if (kind == Tests.Store.Database.Postgres) await RunAsync($"CREATE DATABASE {made._name}");
        made.Database = made.OpenAnother();
        made.Store = new DeploymentStore(made.Database, made.Time);
        return made;
    }

    /// <summary>The same database again, as another process has it.</summary>
    public DeploymentDatabase OpenAnother()
    {
        DeploymentDatabase database = _kind == Tests.Store.Database.Sqlite
            ? DeploymentDatabase.Sqlite(Path)
            : DeploymentDatabase.Postgres(Connection);
        _opened.Add(database);
        return database;
    }

    public async Task<Deployment> AddAsync(Deployment? deployment = null, params DeploymentEvent[] events) =>
        (await Store.CreateAsync(deployment ?? New(), "{}", null, events, Stop)).Deployment;

    public async ValueTask DisposeAsync()
    {
        foreach (DeploymentDatabase database in _opened) database.Dispose();
        if (_kind == Tests.Store.Database.Postgres)
        {
            await RunAsync($"DROP DATABASE {_name} WITH (FORCE)");
            return;
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (string ending in (string[])["", "-wal", "-shm"]) File.Delete(Path + ending);
    }

    // Migrated once, and copied: a test that opens a hundred stores is no test of migrations.
    private static readonly Lazy<Task<byte[]>> s_migrated = new(async () =>
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"nosana_{Guid.NewGuid():n}.db");
        using (var database = DeploymentDatabase.Sqlite(path)) await database.MigrateAsync(CancellationToken.None);
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
        {
            await connection.OpenAsync();
            await using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            await command.ExecuteNonQueryAsync();
        }
        byte[] migrated = await File.ReadAllBytesAsync(path);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (string ending in (string[])["", "-wal", "-shm"]) File.Delete(path + ending);
        return migrated;
    });

    private static int s_made;

    private static TestStore Ready(Database kind, byte[] migrated)
    {
        var made = new TestStore(kind);
        File.WriteAllBytes(made.Path, migrated);
        made.Database = made.OpenAnother();
        made.Store = new DeploymentStore(made.Database, made.Time);
        return made;
    }

    public static Deployment New(string? id = null, string owner = "owner") => new()
    {
        Id = id ?? string.Create(CultureInfo.InvariantCulture, $"d{Interlocked.Increment(ref s_made):00000}"),
        Name = "one",
        Owner = owner,
        Vault = "vault",
        Market = "market",
        Status = DeploymentStatus.Draft,
        Strategy = DeploymentStrategy.Simple,
        Replicas = 1,
        Timeout = TimeSpan.FromMinutes(60),
    };

    public static DeploymentJob Job(string address, int run = 0, JobState state = JobState.Pending) => new()
    {
        Job = address,
        Market = "market",
        Revision = 1,
        Run = run,
        State = state,
        ListedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Timeout = TimeSpan.FromMinutes(60),
    };

    public static ChainTarget Listing(string job) =>
        new() { Key = ChainTarget.KeyOf(TargetKind.List, job), Deployment = "", Kind = TargetKind.List, Job = job };

    private static async Task RunAsync(string command)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(BothAttribute.Postgres);
        await using NpgsqlCommand sql = source.CreateCommand(command);
        await sql.ExecuteNonQueryAsync();
    }
}
