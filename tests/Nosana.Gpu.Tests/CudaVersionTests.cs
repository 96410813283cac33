namespace Nosana.Gpu.Tests;

public sealed class CudaVersionTests
{
    [Theory]
    [InlineData(12040, 12, 4)]
    [InlineData(11080, 11, 8)]
    [InlineData(13000, 13, 0)]
    public void FromNumber_DriversNumber_IsSplit(int number, int major, int minor) =>
        Assert.Equal(new CudaVersion(major, minor), CudaVersion.FromNumber(number));

    [Theory]
    [InlineData("12.4", 12, 4)]
    [InlineData("12", 12, 0)]
    [InlineData(" 11.8.0 ", 11, 8)]
    public void TryParse_Version_IsRead(string text, int major, int minor)
    {
        Assert.True(CudaVersion.TryParse(text, out CudaVersion version));
        Assert.Equal(new CudaVersion(major, minor), version);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12.")]
    [InlineData("12.x")]
    [InlineData("-12.4")]
    [InlineData("1.2.3.4")]
    [InlineData("99999999999")]
    public void TryParse_NoVersion_IsFalse(string? text) => Assert.False(CudaVersion.TryParse(text, out _));

    [Fact]
    public void CompareTo_Minors_AreNumbersNotText()
    {
        Assert.True(new CudaVersion(12, 10) > new CudaVersion(12, 9));
        Assert.True(new CudaVersion(11, 8) < new CudaVersion(12, 0));
        Assert.True(new CudaVersion(12, 4) >= new CudaVersion(12, 4));
        Assert.Equal("12.10", new CudaVersion(12, 10).ToString());
    }
}
