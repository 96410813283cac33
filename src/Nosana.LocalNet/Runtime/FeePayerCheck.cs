namespace Nosana.LocalNet.Runtime;

/// <summary>Whether an account can pay a transaction's fee.</summary>
internal static class FeePayerCheck
{
    public static TransactionError? Check(AccountState? payer, ulong fee)
    {
        if (payer is null) return TransactionError.AccountNotFound;
        if (!payer.Owner.IsZero || !payer.Data.IsEmpty) return TransactionError.InvalidAccountForFee;
        if (payer.Lamports < fee) return TransactionError.InsufficientFundsForFee;
        ulong rest = payer.Lamports - fee;
        // An account may be emptied by its fee, but not left with less than it must hold.
        return rest == 0 || Rent.IsExempt(rest, 0) || !Rent.IsExempt(payer.Lamports, 0) ? null : TransactionError.InsufficientFundsForRent(0);
    }
}
