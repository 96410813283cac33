using Npgsql;

namespace Nosana.Deployments.Reconciling.Cluster;

/// <summary>The tables in which processes find each other. Orleans brings the calls and no tables.</summary>
internal static class ClusterSchema
{
    private const string Resource = "Nosana.Deployments.Reconciling.Cluster.cluster.sql";

    /// <summary>Any number; the same in every process, so that one makes the tables and the others wait.</summary>
    private const long Lock = 0x6e6f73616e61;

    public static async Task EnsureAsync(string connection, CancellationToken cancellationToken)
    {
        await using Stream script = typeof(ClusterSchema).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is missing from this build.");
        using var reader = new StreamReader(script);
        string sql = await reader.ReadToEndAsync(cancellationToken);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connection);
        await using NpgsqlConnection open = await source.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await open.BeginTransactionAsync(cancellationToken);
        await using (NpgsqlCommand wait = open.CreateCommand())
        {
            wait.CommandText = "SELECT pg_advisory_xact_lock($1)";
            wait.Parameters.AddWithValue(Lock);
            await wait.ExecuteNonQueryAsync(cancellationToken);
        }
        await using NpgsqlCommand make = open.CreateCommand();
        make.CommandText = sql;
        await make.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
