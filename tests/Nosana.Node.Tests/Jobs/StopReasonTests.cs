using System.Reflection;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Tests.Jobs;

/// <summary>The table of reasons, as the network's clients know its words.</summary>
public sealed class StopReasonTests
{
    [Theory]
    [InlineData("expired", "success", "failed", true, "Operation stopped due to flow expired")]
    [InlineData("stopped", "stopped", "stopped", true, "Operation stopped due to flow stopped")]
    [InlineData("quit", "failed", "failed", true, "Operation stopped due to flow quit")]
    [InlineData("requested", "stopped", "stopped", false, null)]
    [InlineData("restart", "stopped", "stopped", false, null)]
    [InlineData("timeout", "success", "success", false, null)]
    [InlineData("disk full", "failed", "failed", false, null)]
    public void All_EveryReason_HasItsRow(string word, string status, string unstarted, bool endsJob, string? text)
    {
        StopReason reason = Assert.Single(StopReason.All, one => one.Word == word);
        Assert.Equal((status, unstarted, endsJob, text), (reason.Status, reason.UnstartedStatus, reason.EndsJob, reason.Text));
    }

    [Fact]
    public void All_IsEveryReasonThatThereIs() => Assert.Equal(
        typeof(StopReason).GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => field.GetValue(null)).OfType<StopReason>(),
        StopReason.All);

    [Fact]
    public void JobControl_ReasonOfOneOperation_DoesNotEndAJob()
    {
        using var control = new JobControl(CancellationToken.None);
        Assert.Contains("not a job", Assert.Throws<ArgumentException>(() => control.Stop(StopReason.Restart)).Message, StringComparison.Ordinal);
        Assert.Null(control.Reason);
    }
}
