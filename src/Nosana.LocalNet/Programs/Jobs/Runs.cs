using Nosana.LocalNet.Programs.Anchor;
using Nosana.LocalNet.Runtime;
using Nosana.Programs.Accounts;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>The run account that list and work create only when a job meets a node.</summary>
internal static class Runs
{
    public static void Create(AnchorCall call, AccountRule run, AccountRule payer, PublicKey job, PublicKey node)
    {
        int length = RunAccount.AllocatedLength;
        call.Invoke(SystemProgram.CreateAccount(payer.Key(call), run.Key(call), Rent.MinimumBalance(length), (ulong)length, call.ProgramId));
        var account = new RunAccount { Job = job, Node = node, Payer = payer.Key(call), Time = call.Now };
        account.Encode().CopyTo(run.View(call).MutableData());
    }
}
