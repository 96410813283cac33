namespace Nosana.Docker.Tests;

public sealed class DockerTimestampTests
{
    [Theory]
    [InlineData("2026-11-21T02:35:00.123456789Z", 1_795_228_500_123_456_789)]
    [InlineData("2026-11-21T02:35:00Z", 1_795_228_500_000_000_000)]
    [InlineData("2026-11-21T04:05:00.5+01:30", 1_795_228_500_500_000_000)]
    [InlineData("2026-11-20T21:35:00.000000001-05:00", 1_795_228_500_000_000_001)]
    [InlineData("1969-12-31T23:59:59.999999999Z", -1)]
    public void TryParse_EngineTime_IsExact(string text, long nanoseconds)
    {
        Assert.True(DockerTimestamp.TryParse(text, out DockerTimestamp value));
        Assert.Equal(nanoseconds, value.UnixNanoseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("2026-11-21T02:35:00")]
    [InlineData("2026-11-21T02:35:00.Z")]
    [InlineData("2026-11-21T02:35:00.1234567891Z")]
    [InlineData("2026-02-30T02:35:00Z")]
    [InlineData("2026-11-21 02:35:00Z")]
    [InlineData("2026-11-21T24:35:00Z")]
    [InlineData("2026-11-21T02:35:00+0100")]
    [InlineData("2026-11-21T02:35:00Zx")]
    public void TryParse_AnythingElse_IsFalse(string text) => Assert.False(DockerTimestamp.TryParse(text, out _));

    [Theory]
    [InlineData(1_795_228_500_000_000_001, "1795228500.000000001", "2026-11-21T02:35:00.000000001Z")]
    [InlineData(-1, "-1.999999999", "1969-12-31T23:59:59.999999999Z")]
    public void ToEngineString_AnyTime_HasNineDecimals(long nanoseconds, string engine, string text)
    {
        var value = new DockerTimestamp(nanoseconds);

        Assert.Equal(engine, value.ToEngineString());
        Assert.Equal(text, value.ToString());
        Assert.True(DockerTimestamp.TryParse(value.ToString(), out DockerTimestamp again));
        Assert.Equal(value, again);
    }

    [Fact]
    public void ToDateTimeOffset_AndBack_KeepsTicks()
    {
        var moment = new DateTimeOffset(2026, 11, 21, 2, 35, 0, TimeSpan.Zero).AddTicks(1_234_567);

        Assert.Equal(moment, DockerTimestamp.FromDateTimeOffset(moment).ToDateTimeOffset());
    }
}
