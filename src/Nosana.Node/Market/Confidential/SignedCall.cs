using System.Globalization;
using System.Text;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Node.Market.Confidential;

/// <summary>How a host says who it is to the owner of a job: <c>JOB:BASE58:MILLISECONDS</c>, signed over the job's address.</summary>
internal static class SignedCall
{
    public static string HeaderFor(Account host, string job, DateTimeOffset time) => string.Create(
        CultureInfo.InvariantCulture, $"{job}:{Encoders.Base58.EncodeData(host.Sign(Encoding.UTF8.GetBytes(job)))}:{time.ToUnixTimeMilliseconds()}");
}
