using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace Nosana.Deployments.Store;

/// <summary>Where deployments are kept: a SQLite file of one process, or a PostgreSQL database of several.</summary>
public sealed class DeploymentDatabase : IDisposable
{
    private readonly Func<DeploymentsContext> _open;
    private readonly IDisposable? _source;

    // SQLite has one writer: those of this process wait for each other here, in order, rather than there by trying again and again.
    private readonly SemaphoreSlim? _oneWriter;

    private DeploymentDatabase(Func<DeploymentsContext> open, bool hasOneWriter, IDisposable? source)
    {
        _open = open;
        _source = source;
        _oneWriter = hasOneWriter ? new SemaphoreSlim(1) : null;
    }

    /// <summary>A file, made when it is missing and readable by its owner alone: its vaults' keys are encrypted, its definitions are not.</summary>
    public static DeploymentDatabase Sqlite(string path)
    {
        new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }).Dispose();
        string connection = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true }.ToString();
        var options = new DbContextOptionsBuilder<SqliteDeployments>();
        options.UseSqlite(connection);
        var contexts = new PooledDbContextFactory<SqliteDeployments>(Common(options).Options);
        return new DeploymentDatabase(contexts.CreateDbContext, hasOneWriter: true, null);
    }

    /// <param name="connection">As Npgsql reads it, such as <c>Host=/run/postgresql;Username=nosana;Database=deployments</c>.</param>
    public static DeploymentDatabase Postgres(string connection)
    {
        NpgsqlDataSource source = NpgsqlDataSource.Create(connection);
        var options = new DbContextOptionsBuilder<PostgresDeployments>();
        options.UseNpgsql(source);
        var contexts = new PooledDbContextFactory<PostgresDeployments>(Common(options).Options);
        return new DeploymentDatabase(contexts.CreateDbContext, hasOneWriter: false, source);
    }

    /// <summary>Brings the tables to this version, from none or from those of an earlier one. Several processes may do so at once.</summary>
    /// <exception cref="InvalidOperationException">They are of a newer version, of which this one would lose something.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using DeploymentsContext db = Open();
        // It stays so: readers do not wait for the writer, nor it for them.
        if (HasOneWriter) await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);
        IEnumerable<string> unknown = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Except(db.Database.GetMigrations());
        if (unknown.LastOrDefault() is { } newer)
            throw new InvalidOperationException($"The deployments' tables are of a newer version (by its migration {newer}): install that version again.");
        await db.Database.MigrateAsync(cancellationToken);
    }

    internal DeploymentsContext Open() => _open();

    internal bool HasOneWriter => _oneWriter is not null;

    /// <summary>Waits for this process' other writers where only one may write.</summary>
    internal async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        if (_oneWriter is null) return null;
        await _oneWriter.WaitAsync(cancellationToken);
        return new Turn(_oneWriter);
    }

    public void Dispose()
    {
        _source?.Dispose();
        _oneWriter?.Dispose();
    }

    private static DbContextOptionsBuilder<T> Common<T>(DbContextOptionsBuilder<T> options) where T : DbContext =>
        options.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);

    private sealed class Turn(SemaphoreSlim of) : IDisposable
    {
        public void Dispose() => of.Release();
    }
}
