using System.Globalization;
using Nosana.Node.Ssh.Authorizations;
using Nosana.Node.Ssh.Keys;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Tests.Ssh;

/// <summary>A signature that the official client made, clock and keys fixed.</summary>
public sealed class SignedKeyGrantTests
{
    private const string Job = "5Ff2pE3u1q9hN6sKkq3Gm1oEwq3nB7Xn6q6fG1n3m2Lh", Node = "GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB",
        Line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f nosana-" + Job,
        Message = "Nosana SSH Authorization v1\n\njob: " + Job + "\nnode: " + Node + "\nsshUser: nosana-" + Job + "\nsshPublicKey: " + Line
            + "\nexpiresAt: 2026-01-01T00:05:00.000Z\nnetwork: mainnet\naudience: nosana-ssh-gateway",
        Signature = "FwP2B+HRyvOC6+3XW6hV1lqY1GA2e0OXkhDEaDcBuN/0BgLyv5irz1fDaJmD2wxkU/DD0o7jtSsmdm6ycZtXDQ==";

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", "FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF", "mainnet", true)]
    [InlineData("2026-01-01T00:04:59Z", "FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF", "mainnet", true)]
    [InlineData("2026-01-01T00:05:00Z", "FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF", "mainnet", false)]
    [InlineData("2025-12-31T23:59:00Z", "FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF", "mainnet", false)] // its end is further away than any may be
    [InlineData("2026-01-01T00:00:00Z", "GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB", "mainnet", false)]
    [InlineData("2026-01-01T00:00:00Z", "11111111111111111111111111111111", "mainnet", false)]
    [InlineData("2026-01-01T00:00:00Z", "FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF", "devnet", false)]
    public void OfMessage_OfTheOfficialClient_GrantsItsKeyToItsOwnerInItsTime(string now, string owner, string network, bool isGranted)
    {
        var expected = new SigningContext(new PublicKey(owner), Job, Node, [network], DateTimeOffset.Parse(now, CultureInfo.InvariantCulture));
        SshGrant? grant = SignedKeyGrant.OfMessage(Message, Signature, expected);
        Assert.Equal(isGranted, grant is not null);
        if (grant is not null) Assert.Equal((Line, DateTimeOffset.Parse("2026-01-01T00:05:00Z", CultureInfo.InvariantCulture)), (grant.Key.ToString(), grant.ExpiresAt!.Value));
    }

    [Fact]
    public void OfMessage_WithLineEndsOfWindows_IsNotWhatWasSigned() => Assert.Null(SignedKeyGrant.OfMessage(
        Message.Replace("\n", "\r\n", StringComparison.Ordinal), Signature,
        new SigningContext(new PublicKey("FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF"), Job, Node, ["mainnet"], DateTimeOffset.Parse("2026-01-01T00:00:00Z", CultureInfo.InvariantCulture))));
}
