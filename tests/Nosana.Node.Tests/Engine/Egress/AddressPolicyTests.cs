using System.Net;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Tests.Logs;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine.Egress;

public sealed class AddressPolicyTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _clock = new();
    private (IPAddress, int)[] _machine = [(IPAddress.Parse("8.8.4.20"), 24), (IPAddress.Parse("2a00:1111::10"), 64), (IPAddress.Parse("9.9.9.1"), 32)];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.100.100.200")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    public void Allows_NotPublic_IsFalse(string address) => Assert.False(Policy().Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    public void Allows_Internet_IsTrue(string address) => Assert.True(Policy().Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.4.20")]
    [InlineData("::ffff:8.8.4.20")]
    [InlineData("8.8.4.77")]
    [InlineData("9.9.9.1")]
    [InlineData("2a00:1111::10")]
    [InlineData("2a00:1111::20")]
    public void Allows_OwnPublicAddressOrItsNetwork_IsFalse(string address) => Assert.False(Policy().Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.5.1")]
    [InlineData("9.9.9.2")]
    [InlineData("2a00:1111:0:1::20")]
    public void Allows_BesideTheOwnNetworks_IsTrue(string address) => Assert.True(Policy().Allows(IPAddress.Parse(address)));

    [Fact]
    public void Allows_RangesOfSettingsAndScript_AreRefusedAlsoWhenTheRulesAreStale()
    {
        Mark("rules ab12\nbridges nos-\nrefuse 5.5.0.0/16\nrefuse 6.6.6.6\n");
        AddressPolicy policy = Policy("7.7.7.0/24");
        _clock.Advance(EgressGuard.Fresh + TimeSpan.FromMinutes(1));
        foreach (string refused in (string[])["5.5.1.1", "6.6.6.6", "7.7.7.7"]) Assert.False(policy.Allows(IPAddress.Parse(refused)), refused);
        foreach (string open in (string[])["5.6.1.1", "6.6.6.7", "7.7.8.7"]) Assert.True(policy.Allows(IPAddress.Parse(open)), open);
    }

    [Fact]
    public void Allows_RangeThatTheScriptOpened_IsTrueButForThisMachine()
    {
        Mark("rules ab12\nbridges nos-\nallow 192.168.7.20/24\nallow 8.8.4.0/24\n");
        AddressPolicy policy = Policy();
        Assert.True(policy.Allows(IPAddress.Parse("192.168.7.1")));
        Assert.True(policy.Allows(IPAddress.Parse("8.8.4.77")));
        Assert.False(policy.Allows(IPAddress.Parse("8.8.4.20")));
        Assert.False(policy.Allows(IPAddress.Parse("192.168.8.1")));
    }

    [Fact]
    public void Allows_AddressThatTheMachineGotMeanwhile_IsFalseSoon()
    {
        AddressPolicy policy = Policy();
        Assert.True(policy.Allows(IPAddress.Parse("4.4.4.4")));
        _machine = [(IPAddress.Parse("4.4.4.4"), 32)];
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.False(policy.Allows(IPAddress.Parse("4.4.4.4")));
    }

    [Fact]
    public async Task Connect_NameOfThisMachine_IsRefusedWithoutAConnection()
    {
        AddressRefusedException refused = await Assert.ThrowsAsync<AddressRefusedException>(
            async () => await Policy().ConnectAsync(new DnsEndPoint("localhost", 1), TestContext.Current.CancellationToken));
        Assert.Contains("localhost is not on the public internet", refused.Message, StringComparison.Ordinal);
    }

    private AddressPolicy Policy(params string[] refused) =>
        new(new EgressGuard(_clock, Path.Combine(_directory.Path, "active")), new RefusedRanges([.. refused.Select(IPNetwork.Parse)]), _clock, () => _machine);

    private void Mark(string text)
    {
        File.WriteAllText(Path.Combine(_directory.Path, "active"), text);
        File.SetLastWriteTimeUtc(Path.Combine(_directory.Path, "active"), _clock.GetUtcNow().UtcDateTime);
    }
}
