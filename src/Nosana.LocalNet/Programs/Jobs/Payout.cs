using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>The split of a deposit when a run ends.</summary>
internal static class Payout
{
    /// <param name="job">As it is after its end.</param>
    public static void Split(AnchorCall call, JobAccount job, TokenRule vault, TokenRule node, TokenRule payer, byte[][] vaultSeeds)
    {
        if (job.Price == 0) return;
        ulong paid = JobPayment.Reimbursement(job.Price, job.TimeStart, job.TimeEnd, job.Timeout);
        ulong refund = JobPayment.Refund(job.Price, job.TimeStart, job.TimeEnd, job.Timeout);
        Tokens.TransferFromVault(call, vault, node, paid, vaultSeeds);
        Tokens.TransferFromVault(call, vault, payer, refund, vaultSeeds);
    }
}
