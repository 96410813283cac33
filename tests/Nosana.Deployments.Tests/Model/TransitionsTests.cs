using Nosana.Deployments.Model;

namespace Nosana.Deployments.Tests.Model;

public sealed class TransitionsTests
{
    /// <summary>What its owner may do, in each status: <c>start</c>, <c>stop</c>, <c>archive</c>.</summary>
    [Theory]
    [InlineData(DeploymentStatus.Draft, true, false, false)]
    [InlineData(DeploymentStatus.Starting, false, true, false)]
    [InlineData(DeploymentStatus.Running, false, true, false)]
    [InlineData(DeploymentStatus.Stopping, false, false, false)]
    [InlineData(DeploymentStatus.Stopped, true, false, true)]
    [InlineData(DeploymentStatus.Error, true, true, false)]
    [InlineData(DeploymentStatus.InsufficientFunds, true, true, false)]
    [InlineData(DeploymentStatus.Archived, false, false, false)]
    public void Find_OwnersActions_AreThoseOfTheStatus(DeploymentStatus status, bool start, bool stop, bool archive) => Assert.Equal(
        (start, stop, archive),
        (Transitions.Find(status, Trigger.Start) is not null, Transitions.Find(status, Trigger.Stop) is not null, Transitions.Find(status, Trigger.Archive) is not null));

    [Fact]
    public void All_EveryStatusButTheFirst_IsReached() =>
        Assert.Equal(Enum.GetValues<DeploymentStatus>().Except([DeploymentStatus.Draft]).Order(), Transitions.All.Select(row => row.To).Distinct().Order());

    [Fact]
    public void All_FromTheEnd_NothingLeads() => Assert.DoesNotContain(Transitions.All, row => row.From == DeploymentStatus.Archived);
}
