using Nosana.Programs.Accounts;
using Nosana.Programs.Money;

namespace Nosana.Programs.Tests.Money;

public sealed class MoneyTests
{
    [Theory]
    [InlineData(43, 0, 100, 7200, 4_300, 305_300)] // X1
    [InlineData(43, 0, 8_000, 7200, 309_600, 0)] // X2: late
    [InlineData(43, 1_750_000_000, 1_750_000_060, 7200, 2_580, 307_020)] // X3
    [InlineData(1_000_000, 5, 5, 5, 0, 5_000_000)]
    [InlineData(0, 0, 100, -1, 0, 0)]
    public void JobPayment_OfTimes_SplitsTheDeposit(ulong price, long start, long end, long timeout, ulong paid, ulong refund)
    {
        Assert.Equal(paid, JobPayment.Reimbursement(price, start, end, timeout));
        Assert.Equal(refund, JobPayment.Refund(price, start, end, timeout));
        Assert.Equal(JobPayment.Deposit(price, timeout), paid + refund);
    }

    [Fact]
    public void JobPayment_WhereTheProgramPanics_Throws()
    {
        Assert.Throws<OverflowException>(() => JobPayment.Deposit(1, -1));
        Assert.Throws<OverflowException>(() => JobPayment.Deposit(ulong.MaxValue, 2));
        Assert.Throws<OverflowException>(() => JobPayment.Reimbursement(1, 10, 5, 100));
        Assert.Equal(ulong.MaxValue, JobPayment.Deposit(ulong.MaxValue, 1));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 500_000)]
    public void Fee_OfDeposit_IsOnTopByTheDivisor(ulong divisor, ulong fee) => Assert.Equal(fee, JobPayment.Fee(5_000_000, divisor));

    [Theory]
    [InlineData(1_209_600, 10_000_000_000, "11150684931")]
    [InlineData(31_536_000, 10_000_000_000, "40000000000")]
    [InlineData(3_628_800, 20_000_000_000, "26904109589")]
    [InlineData(1_209_600, 0, "0")]
    [InlineData(31_536_000, ulong.MaxValue, "73786976294838206460")]
    public void Xnos_OfVectors_Match(ulong duration, ulong amount, string xnos) => Assert.Equal(UInt128.Parse(xnos, null), StakeWeight.Xnos(amount, duration));

    [Fact]
    public void Withdrawable_OverTime_IsReleasedLinearlyAndAtTheEndAll()
    {
        const ulong amount = 10_000_000_000, duration = 1_209_600;
        Assert.Equal(0UL, StakeWeight.Withdrawable(amount, amount, duration, 0));
        // The program's 64-bit precision is ulong.MaxValue / amount, so that one step of the release is about amount / 1.8e9 micro-NOS.
        const ulong step = amount / (ulong.MaxValue / amount) + 2;
        Assert.InRange(StakeWeight.Withdrawable(amount, amount, duration, 604_800), amount / 2 - step, amount / 2);
        ulong first = StakeWeight.Withdrawable(amount, amount, duration, 100_000);
        ulong second = StakeWeight.Withdrawable(amount, amount - first, duration, 200_000);
        Assert.InRange(first + second, amount * 200_000 / duration - step, amount * 200_000 / duration);
        Assert.Equal(123UL, StakeWeight.Withdrawable(amount, 123, duration, (long)duration));
        Assert.Throws<OverflowException>(() => StakeWeight.Withdrawable(amount, amount, duration, -1));
        Assert.Throws<OverflowException>(() => StakeWeight.Withdrawable(0, 0, duration, 0));
        Assert.Throws<OverflowException>(() => StakeWeight.Withdrawable(amount, 0, duration, 1));
    }

    [Fact]
    public void RewardPool_EnterFeeClaim_FollowsTheReflection()
    {
        Assert.Equal(UInt128.Parse("3402823669209384634633746", null), RewardPool.InitialRate);
        var empty = new ReflectionAccount { Rate = RewardPool.InitialRate };
        (ReflectionAccount pool, UInt128 reflection) = RewardPool.Enter(empty, 40_000_000_000);
        Assert.Equal(reflection, pool.TotalReflection);
        Assert.Equal(40_000_000_000 * RewardPool.InitialRate, reflection);
        pool = RewardPool.AddFee(pool, 1_000_000);
        Assert.Equal(pool.TotalReflection / 40_001_000_000, pool.Rate);
        var reward = new RewardAccount { Reflection = reflection, Xnos = 40_000_000_000 };
        Assert.Equal((UInt128)1_000_000, RewardPool.Claimable(reward, pool.Rate));
        ReflectionAccount left = RewardPool.Leave(pool, reflection, 40_001_000_000);
        Assert.Equal((UInt128.Zero, UInt128.Zero), (left.TotalReflection, left.TotalXnos));
        Assert.Throws<OverflowException>(() => RewardPool.Leave(left, 1, 0));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(43, "0.000043")]
    [InlineData(1_000_000, "1")]
    [InlineData(12_500_000, "12.5")]
    [InlineData(ulong.MaxValue, "18446744073709.551615")]
    public void Nos_OfMicroNos_FormatsAndParsesBack(ulong units, string text)
    {
        Assert.Equal(text, Amount.FormatNos(units));
        Assert.True(Amount.TryParseNos(text, out ulong parsed));
        Assert.Equal(units, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1.0000001")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1,5")]
    [InlineData("18446744073709.551616")]
    public void TryParseNos_NoAmount_IsFalse(string text) => Assert.False(Amount.TryParseNos(text, out _));

    [Fact]
    public void Sol_OfLamports_HasNineDecimals()
    {
        Assert.Equal("0.005", Amount.FormatSol(5_000_000));
        Assert.True(Amount.TryParseSol("1.000000001", out ulong lamports));
        Assert.Equal(1_000_000_001UL, lamports);
    }
}
