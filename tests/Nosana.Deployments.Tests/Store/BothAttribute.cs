using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Nosana.Deployments.Tests.Store;

public enum Database
{
    Sqlite,
    Postgres,
}

/// <summary>The test runs on each database; on PostgreSQL where one runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothAttribute : DataAttribute
{
    /// <summary>Set by packaging/test.sh: a connection to a server of its own, in Npgsql's form.</summary>
    public static string? Postgres => Environment.GetEnvironmentVariable("NOSANA_TEST_POSTGRES");

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) => new(
    [
        new TheoryDataRow<Database>(Database.Sqlite),
        new TheoryDataRow<Database>(Database.Postgres) { Skip = Postgres is null ? "needs a PostgreSQL server: NOSANA_TEST_POSTGRES, as packaging/test.sh sets it" : null },
    ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
