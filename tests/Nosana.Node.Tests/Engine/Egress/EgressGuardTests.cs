using Nosana.Node.Engine.Egress;
using Nosana.Node.Tests.Logs;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine.Egress;

public sealed class EgressGuardTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _clock = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_NoMarker_SaysWhatIsOpenAndWhatToDo()
    {
        string problem = Guard().Read().Problem!;
        Assert.Contains("not installed", problem, StringComparison.Ordinal);
        Assert.Contains("egress.sh install", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FreshMarker_IsActiveWithWhatTheOperatorOpened()
    {
        Mark("rules ab12\nbridges nos-\nallow 192.168.7.20\nallow 10.1.0.0/16\nresolver 10.0.0.53\n");
        EgressStatus status = Guard().Read();
        Assert.True(status.IsActive);
        Assert.Equal(["192.168.7.20", "10.1.0.0/16"], status.Loosened);
    }

    [Fact]
    public void Read_MarkerNotRenewed_IsInactive()
    {
        Mark("rules ab12\nbridges nos-\n");
        _clock.Advance(EgressGuard.Fresh + TimeSpan.FromMinutes(1));
        Assert.Contains("6 minutes ago", Guard().Read().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MarkerOfOtherBridges_IsInactive()
    {
        Mark("rules ab12\nbridges br-\n");
        Assert.Contains("other bridges", Guard().Read().Problem, StringComparison.Ordinal);
    }

    private EgressGuard Guard() => new(_clock, Path.Combine(_directory.Path, "active"));

    private void Mark(string text)
    {
        File.WriteAllText(Path.Combine(_directory.Path, "active"), text);
        File.SetLastWriteTimeUtc(Path.Combine(_directory.Path, "active"), _clock.GetUtcNow().UtcDateTime);
    }
}
