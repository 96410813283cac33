namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>Over the network, at this machine and what is around it. Each address is tried under the egress rules and without them.</summary>
[Collection(LanStandIn.Addresses)]
public sealed class EgressAttackTests(EgressRun run) : IClassFixture<EgressRun>
{
    [Theory]
    [InlineData("lan-192")]
    [InlineData("lan-10")]
    [InlineData("lan-172")]
    [InlineData("carrier")]
    public void LocalNetwork_Connected_IsRefused(string attack) => OnlyWithoutRules(attack);

    [Theory]
    [InlineData("metadata")]
    [InlineData("metadata-decimal")]
    [InlineData("metadata-name")]
    public void Metadata_Connected_IsRefused(string attack) => OnlyWithoutRules(attack);

    [Theory]
    [InlineData("bridge")]
    [InlineData("bridge-udp")]
    [InlineData("machine-lan")]
    [InlineData("machine-docker0")]
    public void Machine_ItsOwnPorts_AreRefused(string attack) => OnlyWithoutRules(attack);

    [Theory]
    [InlineData("dns-tcp")]
    [InlineData("dns-udp")]
    [InlineData("dns-metadata")]
    public void Dns_OtherServers_AreRefused(string attack) => OnlyWithoutRules(attack);

    [Fact]
    public void Multicast_ToTheMachine_IsRefused() => OnlyWithoutRules("multicast");

    [Fact]
    public void IPv6_ToTheMachine_IsRefused() => OnlyWithoutRules("ipv6");

    [Fact]
    public void Rules_InPlace_LeaveTheInternetAndTheJobItself()
    {
        Assert.True(run.Guarded["internet"]);
        Assert.True(run.Guarded["sibling"]);
        Assert.True(run.MachineReachedContainer);
    }

    [Fact]
    public void Rules_Loosened_OpenWhatTheyNameAndNothingElse()
    {
        string[] reached = [.. run.Loosened.Where(pair => pair.Value).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
        Assert.Equal(["dns-tcp", "dns-udp", "internet", "lan-10", "sibling"], reached);
    }

    [Fact]
    public void Marker_FollowsTheRules()
    {
        Assert.True(run.Active.IsActive);
        Assert.Contains("not installed", run.Removed.Problem, StringComparison.Ordinal);
    }

    private void OnlyWithoutRules(string attack) => Assert.Equal((false, true), (run.Guarded[attack], run.Open[attack]));
}
