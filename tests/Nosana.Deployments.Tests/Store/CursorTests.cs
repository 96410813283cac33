using System.Text;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Tests.Store;

public sealed class CursorTests
{
    private const string Official = "eyJzb3J0X2ZpZWxkX3ZhbHVlIjoiMjAyNi0wMS0wMlQwMzowNDowNS42NzhaIiwiX2lkIjoiNjVhMDAwMDAwMDAwMDAwMDAwMDAwMGFhIiwiZGlyZWN0aW9uIjoibmV4dCJ9";

    private static readonly Cursor s_cursor = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), "65a0000000000000000000aa", IsBackwards: false);

    [Fact]
    public void ToString_IsTheNetworksForm() => Assert.Equal(Official, s_cursor.ToString());

    [Fact]
    public void TryParse_ReadsWhatIsWritten()
    {
        Assert.True(Cursor.TryParse(Official, out Cursor? read));
        Assert.Equal(s_cursor, read);
        Assert.True(Cursor.TryParse((s_cursor with { IsBackwards = true }).ToString(), out read));
        Assert.True(read.IsBackwards);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"sort_field_value\":1,\"_id\":\"a\",\"direction\":\"next\"}")]
    [InlineData("{\"sort_field_value\":\"soon\",\"_id\":\"a\",\"direction\":\"next\"}")]
    [InlineData("{\"sort_field_value\":\"2026-01-02T03:04:05.678Z\",\"_id\":7,\"direction\":\"next\"}")]
    [InlineData("{\"sort_field_value\":\"2026-01-02T03:04:05.678Z\",\"_id\":\"a\",\"direction\":\"up\"}")]
    [InlineData("{\"sort_field_value\":\"2026-01-02T03:04:05.678Z\",\"_id\":\"a\"")]
    public void TryParse_OfAnythingElse_IsFalse(string? text)
    {
        Assert.False(Cursor.TryParse(text, out _));
        Assert.False(Cursor.TryParse(text is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), out _));
    }
}
