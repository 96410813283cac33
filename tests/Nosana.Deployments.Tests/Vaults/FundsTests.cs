using Nosana.Deployments.Model;
using Nosana.Deployments.Strategies;
using Nosana.Deployments.Vaults;

namespace Nosana.Deployments.Tests.Vaults;

public sealed class FundsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly Prices s_prices = new(100);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public void Rent_IsThatOfTheChain()
    {
        Assert.Equal(890_880ul, s_prices.RentOfEmptyAccount); // getMinimumBalanceForRentExemption 0
        Assert.Equal(2_561_280ul, s_prices.RentOfJob); // 240 bytes
        Assert.Equal(1_726_080ul, s_prices.RentOfRun); // 120 bytes
    }

    [Fact]
    public void ToList_IsDepositRentAndFees()
    {
        Assert.Equal(new Funds(360_000, 2_561_280 + 1_726_080 + 15_000), NeededFunds.ToList(s_prices, s_hour));
        Assert.Equal(new Funds(1_080_000, 3 * (2_561_280 + 1_726_080 + 15_000)), NeededFunds.ToList(s_prices, s_hour, 3));
        // A second that has begun is paid.
        Assert.Equal((UInt128)100 * 2, NeededFunds.ToList(s_prices, TimeSpan.FromSeconds(1.5)).Nos);
        Assert.Equal((UInt128)15_000 + 7, NeededFunds.ToList(s_prices with { PriorityFee = 7 }, s_hour).Sol - 2_561_280 - 1_726_080);
    }

    [Fact]
    public void For_APlan_IsAllOfItsStepsAndEnoughToStopThemAgain()
    {
        Deployment deployment = Of(DeploymentStrategy.SimpleExtend);
        var plan = new Plan
        {
            Deployment = deployment,
            Steps = [new PlanStep.List(1, 1), new PlanStep.List(1, 1), new PlanStep.Extend("a", 3 * s_hour), new PlanStep.Stop("b", StopCause.TooMany)],
        };
        Funds needed = NeededFunds.For(s_prices, plan, _ => 2 * s_hour, active: 2);
        Assert.Equal(3 * 360_000u, needed.Nos);
        Assert.Equal(2u * (2_561_280 + 1_726_080 + 15_000) + 5_000 + 4 * 5_000 + 890_880, needed.Sol);
        Assert.True(needed.AreIn(needed));
        Assert.False(needed.AreIn(needed with { Nos = needed.Nos - 1 }));
        Assert.False(needed.AreIn(needed with { Sol = needed.Sol - 1 }));
    }

    [Fact]
    public void Describe_SaysWhatIsMissing() => Assert.Equal(
        "The vault V lacks 0.5 NOS and 0.000000001 SOL: it holds 1 NOS and 0.000000001 SOL, and 1.5 NOS and 0.000000002 SOL are needed.",
        NeededFunds.Describe(new Funds(1_500_000, 2), new Funds(1_000_000, 1), "V"));

    [Fact]
    public void Forecast_OfInfinite_IsEveryReplicasPriceUntilTheVaultIsEmpty()
    {
        Deployment deployment = Of(DeploymentStrategy.Infinite, replicas: 2);
        Forecast forecast = Forecast.Of(deployment, [Running("a", s_now, s_hour)], s_prices, new Funds(7_200_000, 1_000_000_000), s_now);
        Assert.Equal((UInt128)720_000, forecast.BurnPerHour.Nos);
        // 2 replicas, listed every 40 minutes, 20,000 lamports each.
        Assert.Equal((UInt128)60_000, forecast.BurnPerHour.Sol);
        // What runs is paid for an hour, the vault holds ten.
        Assert.Equal(s_now.AddHours(11), forecast.Until);
        Assert.Equal(TimeSpan.FromHours(11), forecast.TimeLeft(s_now));
        Assert.Equal(TimeSpan.Zero, forecast.TimeLeft(s_now.AddDays(1)));
    }

    [Fact]
    public void Forecast_IsBoundByWhicheverEndsFirst()
    {
        Deployment deployment = Of(DeploymentStrategy.Infinite, replicas: 2);
        Assert.Equal(s_now.AddHours(2), Forecast.Of(deployment, [], s_prices, new Funds(UInt128.MaxValue / 2, 120_000), s_now).Until);
        Assert.Equal(s_now, Forecast.Of(deployment, [], s_prices, default, s_now).Until);
    }

    [Fact]
    public void Forecast_OfScheduled_IsATicksCostOverTheTimeBetween()
    {
        Deployment deployment = Of(DeploymentStrategy.Scheduled) with { Schedule = new DeploymentSchedule("0 0 * * *"), NextTick = s_now.AddHours(12) };
        Forecast forecast = Forecast.Of(deployment, [], s_prices, new Funds(3 * 360_000, 1_000_000_000), s_now);
        Assert.Equal((UInt128)15_000, forecast.BurnPerHour.Nos); // 360,000 a day
        Assert.Equal(s_now.AddHours(12 + 72), forecast.Until);
    }

    [Fact]
    public void Forecast_OfScheduledOnceAYear_IsNotNothing()
    {
        Deployment deployment = Of(DeploymentStrategy.Scheduled) with { Schedule = new DeploymentSchedule("0 0 1 6 *"), NextTick = s_now.AddDays(183) };
        Assert.True(Forecast.Of(deployment, [], s_prices, default, s_now).BurnPerHour.Nos > 0);
    }

    [Fact]
    public void Forecast_OfSimple_IsNothing_ItIsPaid()
    {
        Forecast forecast = Forecast.Of(Of(DeploymentStrategy.Simple), [Running("a", s_now, s_hour)], s_prices, default, s_now);
        Assert.Equal(new Forecast(default, null), forecast);
    }

    [Fact]
    public void Forecast_OfSimpleExtend_IsWhatRuns()
    {
        Forecast forecast = Forecast.Of(Of(DeploymentStrategy.SimpleExtend, replicas: 3), [Running("a", s_now, s_hour)], s_prices, new Funds(360_000, 1_000_000_000), s_now);
        Assert.Equal(((UInt128)360_000, s_now.AddHours(2)), (forecast.BurnPerHour.Nos, forecast.Until));
    }

    [Theory]
    [InlineData(DeploymentStatus.Stopped)]
    [InlineData(DeploymentStatus.Draft)]
    [InlineData(DeploymentStatus.Archived)]
    public void Forecast_OfWhatIsNotLive_IsNothing(DeploymentStatus status) =>
        Assert.Equal(new Forecast(default, null), Forecast.Of(Of(DeploymentStrategy.Infinite) with { Status = status }, [], s_prices, default, s_now));

    [Fact]
    public void CostSoFar_IsTheSecondsOfEachJobAtItsOwnPrice()
    {
        DeploymentJob[] jobs =
        [
            Running("a", s_now.AddMinutes(-1), s_hour) with { Price = 10 },
            Running("b", s_now.AddHours(-3), s_hour) with { Price = 2, State = JobState.Completed, EndedAt = s_now.AddHours(-1) },
            Running("c", s_now.AddHours(-1), s_hour) with { Price = 99, State = JobState.Stopped, Reason = EndReason.Quit, EndedAt = s_now },
            Running("d", s_now, s_hour) with { Price = 99, StartedAt = null, State = JobState.Queued },
        ];
        Assert.Equal((UInt128)(600 + 7200), Forecast.CostSoFar(jobs, s_now));
    }

    private static Deployment Of(DeploymentStrategy strategy, int replicas = 1) => new()
    {
        Id = "d",
        Status = DeploymentStatus.Running,
        Strategy = strategy,
        Replicas = replicas,
        Timeout = s_hour,
    };

    private static DeploymentJob Running(string job, DateTimeOffset since, TimeSpan timeout) => new()
    {
        Job = job,
        Revision = 1,
        Run = 0,
        State = JobState.Running,
        ListedAt = since,
        StartedAt = since,
        Timeout = timeout,
    };
}
