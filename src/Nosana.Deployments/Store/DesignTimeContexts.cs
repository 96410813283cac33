using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Nosana.Deployments.Store;

/// <summary>For the tool that writes migrations alone; it connects to nothing.</summary>
internal sealed class DesignTimeContexts : IDesignTimeDbContextFactory<SqliteDeployments>, IDesignTimeDbContextFactory<PostgresDeployments>
{
    SqliteDeployments IDesignTimeDbContextFactory<SqliteDeployments>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteDeployments>().UseSqlite("Data Source=:memory:").Options);

    PostgresDeployments IDesignTimeDbContextFactory<PostgresDeployments>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresDeployments>().UseNpgsql("Host=nowhere").Options);
}
