using System.Globalization;
using System.Text;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Node.HostManager;

/// <summary>
/// Values of the Authorization header that the network's services know a host by. The sign message and the time are the same for every
/// request, so whoever sees one of these can use it again: they go to the configured host manager alone and never into a log.
/// </summary>
internal static class HostAuthorization
{
    public const string SignMessage = "Hello Nosana Node!";

    /// <summary>Form A: <c>ADDRESS:BASE64</c>, the signature of the sign message. Constant.</summary>
    public static string Legacy(Account account) => $"{account.PublicKey}:{Convert.ToBase64String(Sign(account, SignMessage))}";

    /// <summary>Form B: <c>MESSAGE:BASE58</c>.</summary>
    public static string Plain(Account account, string message = SignMessage) => $"{message}:{Encoders.Base58.EncodeData(Sign(account, message))}";

    /// <summary>Form C: form B and the time in Unix milliseconds, which is not part of what is signed.</summary>
    public static string Timed(Account account, DateTimeOffset time, string message = SignMessage) =>
        $"{Plain(account, message)}:{time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}";

    private static byte[] Sign(Account account, string message) => account.Sign(Encoding.UTF8.GetBytes(message));
}
