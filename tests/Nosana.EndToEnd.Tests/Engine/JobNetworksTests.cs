namespace Nosana.EndToEnd.Tests.Engine;

public sealed class JobNetworksTests
{
    [Fact]
    public async Task EnsureAsync_OperationsOfAGroupAtOnce_MakeOneNetwork()
    {
        await using TenantEngine engine = await TenantEngine.OpenAsync();
        string job = await engine.NewJobAsync();
        string network = $"{job}-group";

        string[] ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => engine.Networks.EnsureAsync(network, TenantEngine.Labels(job), TestContext.Current.CancellationToken)));

        Assert.Single(ids.Distinct());
        Assert.Equal(ids[0], await engine.Networks.EnsureAsync(network, TenantEngine.Labels(job), TestContext.Current.CancellationToken));
    }
}
