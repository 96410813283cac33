using System.Diagnostics;
using System.Globalization;
using Nosana.Benchmarks.Figures;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Npgsql;

namespace Nosana.Benchmarks.Deployments;

/// <summary>
/// The deployments' store as it grows, with four jobs each: what a write costs that is on disk when it returns, and what it costs to read one deployment
/// to plan for it, to find what is due and to list an owner's. On SQLite; on PostgreSQL as well where <c>NOSANA_TEST_POSTGRES</c> names one.
/// </summary>
internal static class StoreMeasurement
{
    private const int Owners = 50, JobsEach = 4, Writers = 8, Calls = 500, Writes = 2000;

    private static readonly int[] s_sizes = [1_000, 5_000, 25_000];

    /// <param name="most">The largest store that is measured.</param>
    public static async Task<int> RunAsync(int most)
    {
        string path = Path.Combine(Path.GetTempPath(), $"nosana-bench-{Environment.ProcessId}.db");
        try
        {
            using DeploymentDatabase database = DeploymentDatabase.Sqlite(path);
            await MeasureAsync("SQLite", database, most);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"file: {new FileInfo(path).Length / 1e6:0} MB"));
        }
        finally
        {
            foreach (string ending in (string[])["", "-wal", "-shm"]) File.Delete(path + ending);
        }
        if (Environment.GetEnvironmentVariable("NOSANA_TEST_POSTGRES") is { } server)
        {
            string name = $"nosana_bench_{Environment.ProcessId}";
            await using NpgsqlDataSource source = NpgsqlDataSource.Create(server);
            await using (NpgsqlCommand create = source.CreateCommand($"CREATE DATABASE {name}")) await create.ExecuteNonQueryAsync();
            using (DeploymentDatabase database = DeploymentDatabase.Postgres(new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString()))
                await MeasureAsync("PostgreSQL", database, most);
            await using NpgsqlCommand drop = source.CreateCommand($"DROP DATABASE {name} WITH (FORCE)");
            await drop.ExecuteNonQueryAsync();
        }
        return 0;
    }

    private static async Task MeasureAsync(string name, DeploymentDatabase database, int most)
    {
        await database.MigrateAsync(CancellationToken.None);
        var store = new DeploymentStore(database, TimeProvider.System);
        var figures = new FigureTable(name, "", "");
        int made = 0;
        foreach (int size in s_sizes.Where(size => size <= most))
        {
            int begin = made;
            long since = Stopwatch.GetTimestamp();
            await Parallel.ForAsync(begin, size, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (i, _) => await AddAsync(store, i));
            figures.Note(Text(size, "made, with jobs, a second"), (size - begin) / Stopwatch.GetElapsedTime(since).TotalSeconds, null, "/s");
            made = size;
            await WritesAsync(store, figures, size);
            await ReadsAsync(store, figures, size);
        }
        GC.Collect();
        figures.Note("memory after it", Environment.WorkingSet / 1e6, null, "MB");
    }

    private static async Task WritesAsync(DeploymentStore store, FigureTable figures, int size)
    {
        long since = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Writes, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (i, stop) =>
        {
            // Spread over all of them, and no two at once on the same.
            Deployment seen = (await store.FindAsync(IdOf((int)((long)i * size / Writes)), stop))!;
            string job = $"{seen.Id}-{seen.Version}", signature = $"{job}-sig";
            await store.TrySaveAsync(new DeploymentChange(seen with { NextAt = DateTimeOffset.UtcNow.AddSeconds(30) })
            {
                NewJobs = [Job(job) with { State = JobState.Completed }],
                NewTargets = [new ChainTarget { Key = job, Deployment = seen.Id, Kind = TargetKind.List, Job = job, Signature = signature, State = TargetState.Confirmed }],
                NewTransactions = [new ChainTransaction
                {
                    Signature = signature, Deployment = seen.Id, Vault = seen.Vault, LastValidBlockHeight = 1, Blob = new byte[1000], State = TransactionState.Confirmed,
                }],
                Events = [new DeploymentEvent("JOB_LIST_CONFIRMED", $"The job {job} is listed.", signature)],
            }, stop);
        });
        figures.Note(Text(size, "written, read before, a second"), Writes / Stopwatch.GetElapsedTime(since).TotalSeconds, null, "/s");
    }

    private static async Task ReadsAsync(DeploymentStore store, FigureTable figures, int size)
    {
        await TimeAsync("read to plan", i => store.ReadAsync(IdOf(i)));
        await TimeAsync("what is due, nothing is", _ => store.DueAsync(DateTimeOffset.UnixEpoch));
        await TimeAsync("what is due, a thousand are", _ => store.DueAsync(DateTimeOffset.MaxValue), 50);
        await TimeAsync("a page of an owner's", i => store.ListAsync(new DeploymentFilter { Owner = OwnerOf(i) }, new PageRequest()));
        await TimeAsync("a page of an owner's, searched", i => store.ListAsync(new DeploymentFilter { Owner = OwnerOf(i), Search = "9" }, new PageRequest()), 100);
        long since = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, 5000, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (i, stop) => await store.ReadAsync(IdOf(i * 7919 % size), stop));
        figures.Note(Text(size, "read to plan, a second"), 5000 / Stopwatch.GetElapsedTime(since).TotalSeconds, null, "/s");

        async Task TimeAsync(string what, Func<int, Task> call, int calls = Calls)
        {
            var times = new Samples();
            for (int i = -20; i < calls; i++)
            {
                long began = Stopwatch.GetTimestamp();
                await call(Math.Abs(i) * 7919 % size);
                if (i >= 0) times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            figures.Note(Text(size, $"{what}, p50"), times.Median, null, "ms");
            figures.Note(Text(size, $"{what}, p99"), times.Percentile99, null, "ms");
        }
    }

    private static async Task AddAsync(DeploymentStore store, int i)
    {
        CreatedDeployment made = await store.CreateAsync(
            new Deployment
            {
                Id = IdOf(i),
                Name = $"deployment {i}",
                Owner = OwnerOf(i),
                Vault = $"vault{i % (Owners * 2)}",
                Market = "97G9NnvBDQ2WpKu6fasoMsAKmfj63C9rhysJnkeWodAf",
                Status = DeploymentStatus.Running,
                Strategy = DeploymentStrategy.Infinite,
                Replicas = JobsEach,
                Timeout = TimeSpan.FromHours(1),
                NextAt = DateTimeOffset.UtcNow.AddSeconds(30),
            },
            """{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"nginx","args":{"image":"nginx","expose":80}}]}""", null,
            [new DeploymentEvent("DEPLOYMENT_CREATED", "It was made.")]);
        await store.TrySaveAsync(new DeploymentChange(made.Deployment) { NewJobs = [.. Enumerable.Range(0, JobsEach).Select(n => Job($"{made.Deployment.Id}{n}"))] });
    }

    private static DeploymentJob Job(string address) => new()
    {
        Job = address,
        Revision = 1,
        Run = 0,
        State = JobState.Running,
        ListedAt = DateTimeOffset.UtcNow,
        Timeout = TimeSpan.FromHours(1),
    };

    private static string IdOf(int i) => string.Create(CultureInfo.InvariantCulture, $"7AtiXMSH6R1jjBxrcYjehCkkSF7zvYWte63g{i:00000000}");

    private static string OwnerOf(int i) => string.Create(CultureInfo.InvariantCulture, $"FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZ{i % Owners:0000000}");

    private static string Text(int size, string what) => string.Create(CultureInfo.InvariantCulture, $"{size,6:N0} {what}");
}
