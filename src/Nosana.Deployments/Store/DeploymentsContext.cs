using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Nosana.Deployments.Model;

namespace Nosana.Deployments.Store;

/// <summary>The tables. One for both databases; each has a type of its own below, since their migrations differ.</summary>
internal abstract class DeploymentsContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<DeploymentRow> Deployments => Set<DeploymentRow>();

    public DbSet<DeploymentRevision> Revisions => Set<DeploymentRevision>();

    public DbSet<DeploymentJob> Jobs => Set<DeploymentJob>();

    public DbSet<ChainTarget> Targets => Set<ChainTarget>();

    public DbSet<ChainTransaction> Transactions => Set<ChainTransaction>();

    public DbSet<StoredEvent> Events => Set<StoredEvent>();

    public DbSet<JobResult> Results => Set<JobResult>();

    public DbSet<EndpointStatus> Endpoints => Set<EndpointStatus>();

    public DbSet<VaultRecord> Vaults => Set<VaultRecord>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<ApiKeyRecord> ApiKeys => Set<ApiKeyRecord>();

    // Whole numbers, which both databases compare and order alike; a page's cursor holds milliseconds, too.
    protected override void ConfigureConventions(ModelConfigurationBuilder builder)
    {
        builder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        builder.Properties<TimeSpan>().HaveConversion<Milliseconds>();
        builder.Properties<Enum>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<DeploymentRow>(row =>
        {
            row.HasKey(one => one.Id);
            row.HasIndex(one => new { one.Owner, one.CreatedAt, one.Id });
            row.HasIndex(one => one.NextAt);
            row.HasIndex(one => one.Vault);
            row.HasIndex(one => new { one.Owner, one.IdempotencyKey }).IsUnique();
        });
        model.Entity<DeploymentRevision>(row =>
        {
            row.HasKey(one => new { one.Deployment, one.Revision });
            OfDeployment(row, one => one.Deployment);
        });
        model.Entity<DeploymentJob>(row =>
        {
            row.HasKey(one => one.Job);
            OfDeployment(row, one => one.Deployment);
            row.HasIndex(one => new { one.Deployment, one.Run });
            row.HasIndex(one => new { one.Deployment, one.State });
            row.HasIndex(one => new { one.Deployment, one.ListedAt, one.Job });
        });
        model.Entity<ChainTarget>(row =>
        {
            row.HasKey(one => one.Key);
            OfDeployment(row, one => one.Deployment);
            row.HasIndex(one => new { one.Deployment, one.State });
        });
        model.Entity<ChainTransaction>(row =>
        {
            row.HasKey(one => one.Signature);
            OfDeployment(row, one => one.Deployment);
            row.HasIndex(one => new { one.Deployment, one.State });
        });
        model.Entity<StoredEvent>(row =>
        {
            row.HasKey(one => one.Id);
            row.Property(one => one.Id).ValueGeneratedOnAdd();
            OfDeployment(row, one => one.Deployment);
            row.HasIndex(one => new { one.Deployment, one.Id });
            row.HasIndex(one => new { one.Deployment, one.CreatedAt, one.Id });
            row.HasIndex(one => one.Id).HasFilter("NOT is_delivered").HasDatabaseName("ix_events_undelivered");
        });
        model.Entity<JobResult>(row =>
        {
            row.HasKey(one => one.Job);
            row.HasOne<DeploymentJob>().WithOne().HasForeignKey<JobResult>(one => one.Job).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<EndpointStatus>(row =>
        {
            row.HasKey(one => new { one.Job, one.OpId, one.Port });
            row.HasOne<DeploymentJob>().WithMany().HasForeignKey(one => one.Job).OnDelete(DeleteBehavior.Cascade);
            row.HasIndex(one => one.Deployment);
        });
        model.Entity<VaultRecord>(row =>
        {
            row.HasKey(one => one.Vault);
            row.HasIndex(one => new { one.Owner, one.CreatedAt });
            row.HasIndex(one => one.Owner).HasFilter("is_shared").IsUnique().HasDatabaseName("ix_vaults_shared");
        });
        model.Entity<Webhook>(row =>
        {
            row.HasKey(one => one.Id);
            row.HasIndex(one => one.Owner);
        });
        model.Entity<ApiKeyRecord>(row =>
        {
            row.HasKey(one => one.Hash);
            row.HasIndex(one => one.Owner);
        });
        Name(model);
    }

    private static void OfDeployment<T>(EntityTypeBuilder<T> row, System.Linq.Expressions.Expression<Func<T, object?>> key) where T : class =>
        row.HasOne<DeploymentRow>().WithMany().HasForeignKey(key).OnDelete(DeleteBehavior.Cascade);

    // next_at, not "NextAt": names that both databases and people write without quotes.
    private static void Name(ModelBuilder model)
    {
        foreach (IMutableEntityType entity in model.Model.GetEntityTypes())
        {
            entity.SetTableName(SnakeCase(entity.GetTableName()!));
            foreach (IMutableProperty property in entity.GetProperties()) property.SetColumnName(SnakeCase(property.Name));
        }
    }

    private static string SnakeCase(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));

    private sealed class Milliseconds() : ValueConverter<TimeSpan, long>(time => (long)time.TotalMilliseconds, stored => TimeSpan.FromMilliseconds(stored));
}

internal sealed class SqliteDeployments(DbContextOptions<SqliteDeployments> options) : DeploymentsContext(options);

internal sealed class PostgresDeployments(DbContextOptions<PostgresDeployments> options) : DeploymentsContext(options);
