using Nosana.Node.Engine.Containers;

namespace Nosana.EndToEnd.Tests.Engine;

/// <summary>What must hold on every engine when a job's parts are removed.</summary>
internal static class JobRemoval
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>One of two running jobs is removed: nothing is left of it, and all of the other.</summary>
    public static async Task TakesAllOfOneJobAsync(TenantEngine engine)
    {
        string job = await engine.NewJobAsync(), other = await engine.NewJobAsync();
        foreach (string each in (string[])[job, other])
        {
            await engine.Volumes.EnsureAsync($"{each}-data", TenantEngine.Labels(each), Token);
            await engine.StartAsync(TenantEngine.Shell(each, "sleep 1000") with { Mounts = [new VolumeMount($"{each}-data", "/data")] });
        }
        Assert.Equal(new JobReaper.Reaped(1, 1, 1), await engine.Reaper.RemoveAllOfJobAsync(job, Token));
        IReadOnlySet<string> left = await engine.Reaper.FindJobsAsync(null, Token);
        Assert.DoesNotContain(job, left);
        Assert.Contains(other, left);
        Assert.Equal(new JobReaper.Reaped(0, 0, 0), await engine.Reaper.RemoveAllOfJobAsync(job, Token));
    }
}
