using Nosana.Node.HostManager;

namespace Nosana.Node.Tests.HostManager;

public sealed class HeartbeatScheduleTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Beaten_ALittleLate_DelaysDoNotAddUp()
    {
        var schedule = new HeartbeatSchedule(s_start);
        for (int beat = 1; beat <= 100; beat++)
        {
            schedule.Beaten(schedule.Due + TimeSpan.FromSeconds(3), null);
            Assert.Equal(s_start + beat * HeartbeatSchedule.FirstInterval, schedule.Due);
        }
    }

    [Fact]
    public void Beaten_AfterALongStall_OneBeatAndNoBurst()
    {
        var schedule = new HeartbeatSchedule(s_start);
        DateTimeOffset awake = s_start + TimeSpan.FromHours(5);

        schedule.Beaten(awake, null);

        Assert.Equal(awake + HeartbeatSchedule.FirstInterval, schedule.Due);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(29)]
    [InlineData(31)]
    [InlineData(1000)]
    public void Beaten_HoweverLate_HalfAnIntervalAtLeastToTheNext(int late)
    {
        var schedule = new HeartbeatSchedule(s_start);
        DateTimeOffset now = s_start + TimeSpan.FromSeconds(late);

        schedule.Beaten(now, null);

        Assert.InRange(schedule.Due - now, HeartbeatSchedule.FirstInterval / 2, HeartbeatSchedule.FirstInterval * 1.5);
    }

    [Theory]
    [InlineData(2_880, 30)]
    [InlineData(1_440, 60)]
    [InlineData(1_000, 86)] // 86.4
    [InlineData(1, 86_400)]
    [InlineData(86_400, 10)] // a second is not less than the shortest
    [InlineData(1e300, 10)]
    public void Beaten_TheServiceNamesANumber_TheIntervalFollows(double perDay, int seconds)
    {
        var schedule = new HeartbeatSchedule(s_start);

        schedule.Beaten(s_start, perDay);

        Assert.Equal(TimeSpan.FromSeconds(seconds), schedule.Interval);
        Assert.Equal(s_start + schedule.Interval, schedule.Due);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void Beaten_NonsenseNumber_TheIntervalStays(double perDay)
    {
        var schedule = new HeartbeatSchedule(s_start);

        schedule.Beaten(s_start, perDay);

        Assert.Equal(HeartbeatSchedule.FirstInterval, schedule.Interval);
    }
}
