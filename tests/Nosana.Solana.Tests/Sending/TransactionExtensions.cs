using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Tests.Sending;

internal static class TransactionExtensions
{
    public static byte[] SignedBy(this Transaction transaction, Account signer)
    {
        transaction.Sign(signer);
        return transaction.Serialize();
    }
}
