using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Nosana.Deployments.Tests.Store;

public enum Database
{
    Sqlite,
    Postgres,
}

/// <summary>The test runs on each database.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothAttribute : DataAttribute
{
    /// <summary>A connection to a server of the tests' own, in Npgsql's form.</summary>
    public static string Postgres => Environment.GetEnvironmentVariable("NOSANA_TEST_POSTGRES")
        ?? throw new InvalidOperationException("NOSANA_TEST_POSTGRES does not name a PostgreSQL server; packaging/test.sh starts one and sets it.");

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) => new(
    [
        new TheoryDataRow<Database>(Database.Sqlite),
        new TheoryDataRow<Database>(Database.Postgres),
    ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
