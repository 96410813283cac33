using Nosana.Node.HostManager;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Tests.HostManager;

/// <summary>Against vectors that the official package computed.</summary>
public sealed class HostAuthorizationTests
{
    private const string Signature58 = "2H5ZRLK7Rvk9JGdKfPRH3zBCKYmHAFye35cVqG42VveeyPLNNY8rf18wjPHno4ka8StEpJNwvU7JqAfpZGNz7Cr6";

    public static Account KeyA { get; } = Account.FromSeed([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    [Fact]
    public void Legacy_KeyA_AddressAndBase64() => Assert.Equal(
        "FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF:P+HwcBGQMEENBeizYVg5qQ7wvNK6TIVfJwAhWug8rOiKd/0hBayPKXNmLATOLgkPDIdx1/sCG+yJLbzvut70Cw==",
        HostAuthorization.Legacy(KeyA));

    [Fact]
    public void Plain_KeyA_MessageAndBase58() => Assert.Equal($"Hello Nosana Node!:{Signature58}", HostAuthorization.Plain(KeyA));

    [Fact]
    public void Timed_KeyA_TimeBehindTheSignature() =>
        Assert.Equal($"Hello Nosana Node!:{Signature58}:1767225600000", HostAuthorization.Timed(KeyA, DateTimeOffset.FromUnixTimeMilliseconds(1767225600000)));

    [Fact]
    public void Timed_KeyAOfAJob_SignsTheJob() => Assert.Equal(
        "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG:5kvuRZSE4QZMeHuLrpNjpCkpAmyVxNuH4bqykYp4e2nz7vaGj3KQQz2W3RhrDvB65rc2rtHrzq3NzHco3BVjTZg1:1767225600000",
        HostAuthorization.Timed(KeyA, DateTimeOffset.FromUnixTimeMilliseconds(1767225600000), "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG"));
}
