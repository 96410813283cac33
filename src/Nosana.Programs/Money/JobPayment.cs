namespace Nosana.Programs.Money;

/// <summary>
/// What a job costs, in micro-NOS, as the jobs program reckons it. Arithmetic that overflows, and a negative time with a price, throw
/// <see cref="OverflowException"/> where the program panics.
/// </summary>
public static class JobPayment
{
    /// <param name="price">Micro-NOS per second.</param>
    /// <param name="seconds">The timeout.</param>
    public static ulong Deposit(ulong price, long seconds) => price == 0 ? 0 : checked(price * (ulong)seconds);

    /// <summary>What the node is paid: the seconds used, at most the timeout.</summary>
    public static ulong Reimbursement(ulong price, long timeStart, long timeEnd, long timeout) =>
        Deposit(price, Math.Min(checked(timeEnd - timeStart), timeout));

    /// <summary>What goes back to the payer: the rest of the deposit.</summary>
    public static ulong Refund(ulong price, long timeStart, long timeEnd, long timeout) =>
        checked(Deposit(price, timeout) - Reimbursement(price, timeStart, timeEnd, timeout));

    /// <summary>The network's fee on a deposit, paid on top of it.</summary>
    /// <param name="divisor">0 = no fee (today's programs); 10 before version 2.2.2.</param>
    public static ulong Fee(ulong deposit, ulong divisor) => divisor == 0 ? 0 : deposit / divisor;
}
