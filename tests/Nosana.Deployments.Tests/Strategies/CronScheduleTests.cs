using System.Globalization;
using Nosana.Deployments.Strategies;

namespace Nosana.Deployments.Tests.Strategies;

public sealed class CronScheduleTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 30, 12, 0, 30, TimeSpan.Zero); // a Monday

    [Theory]
    [InlineData("0 0 * * *", "2026-12-01 00:00")]
    [InlineData("*/15 * * * *", "2026-11-30 12:15")]
    [InlineData("0/15 * * * *", "2026-11-30 12:15")]
    [InlineData("0 9 * * MON", "2026-12-07 09:00")]
    [InlineData("0 9 * JAN *", "2027-01-01 09:00")]
    [InlineData("0 0 * * 7", "2026-12-06 00:00")]
    [InlineData("0 0 L * ?", "2026-12-31 00:00")]
    [InlineData("0 0 ? * 1#2", "2026-12-14 00:00")]
    [InlineData("0 0 * * 1L", "2026-12-28 00:00")]
    [InlineData("0 0 13 * 5", "2026-12-04 00:00")] // the 13th or a Friday, whichever comes first
    [InlineData("0 0 1 * 5", "2026-12-01 00:00")]
    [InlineData("0 0 29 2 *", "2028-02-29 00:00")]
    public void Next_AfterNow_IsTheFirstThatItMeans(string expression, string expected) =>
        Assert.Equal(expected, CronSchedule.Parse(expression, null, s_now).Next(s_now)!.Value.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));

    [Fact]
    public void Next_InATimeZone_IsThatPlacesTime()
    {
        CronSchedule schedule = CronSchedule.Parse("30 8 * * *", "Europe/Amsterdam", s_now);
        Assert.Equal(new DateTimeOffset(2026, 12, 1, 7, 30, 0, TimeSpan.Zero), schedule.Next(s_now));
    }

    [Theory]
    [InlineData("61 * * * *", "minute")]
    [InlineData("*/0 * * * *", "not a schedule")]
    [InlineData("5-1 * * * *", "ends before it begins")]
    [InlineData("0 0 * * FRI-MON", "ends before it begins")]
    [InlineData("0 0 15W * *", "nearest weekday")]
    [InlineData("0 0 LW * *", "nearest weekday")]
    [InlineData("H * * * *", "by chance")]
    [InlineData("0 0 31 2 *", "never happens")]
    [InlineData("abc * * * *", "not a schedule")]
    [InlineData("* * * *", "five fields")]
    [InlineData("0 * * * * *", "five fields")]
    [InlineData("@daily", "five fields")]
    [InlineData("", "five fields")]
    public void Parse_WhatCouldNeverBeMeant_IsRefusedWithTheReason(string expression, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => CronSchedule.Parse(expression, null, s_now)).Message, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Parse_UnknownTimeZone_IsRefused() =>
        Assert.Contains("Mars/Base", Assert.Throws<FormatException>(() => CronSchedule.Parse("* * * * *", "Mars/Base", s_now)).Message, StringComparison.Ordinal);
}
