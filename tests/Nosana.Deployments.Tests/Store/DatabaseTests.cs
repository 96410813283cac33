using Microsoft.EntityFrameworkCore;
using Nosana.Deployments.Store;
using static Nosana.Deployments.Tests.Store.TestStore;

namespace Nosana.Deployments.Tests.Store;

public sealed class DatabaseTests
{
    [Theory, Both]
    public async Task MigrateAsync_FromEmpty_MakesTheTablesOfTheSource(Database kind)
    {
        await using TestStore test = await EmptyAsync(kind);
        await test.Database.MigrateAsync(Stop);
        await using DeploymentsContext db = test.Database.Open();
        Assert.False(db.Database.HasPendingModelChanges(), "run packaging/migrations.sh");
        Assert.Empty(await db.Deployments.ToListAsync(Stop));
        await test.Database.MigrateAsync(Stop);
    }

    [Theory, Both]
    public async Task MigrateAsync_ByTwoProcessesAtOnce_BothGoOn(Database kind)
    {
        await using TestStore test = await EmptyAsync(kind);
        DeploymentDatabase other = test.OpenAnother();
        await Task.WhenAll(Task.Run(() => test.Database.MigrateAsync(Stop), Stop), Task.Run(() => other.MigrateAsync(Stop), Stop));
        Assert.NotNull(await test.AddAsync());
    }

    [Fact]
    public async Task Sqlite_IsReadableByItsOwnerAlone_AndWritesAhead()
    {
        await using TestStore test = await EmptyAsync(Database.Sqlite);
        await test.Database.MigrateAsync(Stop);
        await test.AddAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(test.Path));
        await using DeploymentsContext db = test.Database.Open();
        Assert.Equal(["wal"], await db.Database.SqlQueryRaw<string>("PRAGMA journal_mode").ToListAsync(Stop));
        Assert.Equal([2], await db.Database.SqlQueryRaw<int>("PRAGMA synchronous").ToListAsync(Stop));
    }
}
