using Nosana.Programs.Accounts;

namespace Nosana.Programs.Money;

/// <summary>
/// The rewards program's reflection arithmetic on immutable accounts: shares are kept as reflections, and a fee lowers the rate at which
/// they turn back into tokens. 128-bit overflow throws <see cref="OverflowException"/> where the program panics.
/// </summary>
public static class RewardPool
{
    private const ulong TotalSupply = 100_000_000_000_000;

    /// <summary>The rate of an empty pool: as large as 128 bits and the token's supply allow.</summary>
    public static readonly UInt128 InitialRate = UInt128.MaxValue / TotalSupply;

    /// <summary>A staker comes in with his xNOS and, on a sync, what he has earned.</summary>
    /// <returns>The pool after it, and the staker's reflection.</returns>
    public static (ReflectionAccount Pool, UInt128 Reflection) Enter(ReflectionAccount pool, UInt128 xnos, UInt128 earned = default)
    {
        UInt128 reflection = checked((xnos + earned) * pool.Rate);
        return (pool with { TotalReflection = checked(pool.TotalReflection + reflection), TotalXnos = checked(pool.TotalXnos + xnos) }, reflection);
    }

    public static ReflectionAccount Leave(ReflectionAccount pool, UInt128 reflection, UInt128 xnos) =>
        pool with { TotalXnos = checked(pool.TotalXnos - xnos), TotalReflection = checked(pool.TotalReflection - reflection) };

    /// <exception cref="DivideByZeroException">The pool is empty and the fee is zero.</exception>
    public static ReflectionAccount AddFee(ReflectionAccount pool, ulong fee)
    {
        UInt128 xnos = checked(pool.TotalXnos + fee);
        return pool with { TotalXnos = xnos, Rate = pool.TotalReflection / xnos };
    }

    /// <summary>What a staker may claim, in micro-NOS.</summary>
    public static UInt128 Claimable(RewardAccount reward, UInt128 rate) => checked(reward.Reflection / rate - reward.Xnos);
}
