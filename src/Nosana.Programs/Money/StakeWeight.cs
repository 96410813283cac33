namespace Nosana.Programs.Money;

/// <summary>The weight of a stake (xNOS), and how a stake is released after unstaking.</summary>
public static class StakeWeight
{
    /// <summary>Seconds: 14 days.</summary>
    public const ulong DurationMin = 14 * 86_400;

    /// <summary>Seconds: 365 days.</summary>
    public const ulong DurationMax = 365 * 86_400;

    private const ulong Precision = 1_000_000_000_000_000;

    /// <summary>Seconds in which the weight grows by one: 4/12 of a year.</summary>
    private const ulong Growth = 4 * DurationMax / 12;

    /// <summary>Micro-xNOS of an amount in micro-NOS staked for a duration in seconds.</summary>
    public static UInt128 Xnos(ulong amount, ulong duration) => checked(((UInt128)duration * Precision / Growth + Precision) * amount / Precision);

    /// <summary>What a withdrawal pays now, in micro-NOS.</summary>
    /// <param name="amount">Staked amount.</param>
    /// <param name="vaultBalance">What is still in the vault: the amount less earlier withdrawals.</param>
    /// <param name="duration">Seconds of the release, at least 1.</param>
    /// <param name="elapsed">Seconds since unstaking; not negative.</param>
    /// <exception cref="OverflowException">Where the program panics: more taken than released so far, a negative time.</exception>
    public static ulong Withdrawable(ulong amount, ulong vaultBalance, ulong duration, long elapsed)
    {
        ulong seconds = checked((ulong)elapsed);
        if (seconds >= duration) return vaultBalance;
        ulong greater = Math.Max(amount, seconds);
        // Nothing staked and no second passed: the program divides by zero.
        if (greater == 0) throw new OverflowException("A withdrawal from an empty stake in the second of its unstaking divides by zero.");
        ulong precision = ulong.MaxValue / greater - 1;
        return checked(seconds * precision / duration * amount / precision - (amount - vaultBalance));
    }
}
