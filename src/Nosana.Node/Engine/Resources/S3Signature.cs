using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Nosana.JobDefinition.Model;

namespace Nosana.Node.Engine.Resources;

/// <summary>
/// Addresses that are signed for S3, version 4, in the query ("Authenticating Requests: Using Query Parameters" of Amazon's S3 API). Signed here, so
/// that a client library's reading of a stranger's answers, which knows no limits, is no part of this.
/// </summary>
internal static class S3Signature
{
    /// <param name="method">GET or HEAD.</param>
    /// <param name="url">Escaped as <see cref="Uri.EscapeDataString(string)"/> does, without a query.</param>
    /// <param name="query">Not escaped.</param>
    /// <param name="iam">Keys of the bucket's owner.</param>
    /// <param name="region">Where the bucket is.</param>
    /// <param name="now">The signature begins here.</param>
    /// <param name="life">How long it holds; a week at most.</param>
    public static Uri Sign(
        HttpMethod method, Uri url, IReadOnlyDictionary<string, string> query, S3Credentials iam, string region, DateTimeOffset now, TimeSpan life)
    {
        string day = now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        string moment = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string scope = $"{day}/{region}/s3/aws4_request";
        var signed = new SortedDictionary<string, string>(query.ToDictionary(), StringComparer.Ordinal)
        {
            ["X-Amz-Algorithm"] = "AWS4-HMAC-SHA256",
            ["X-Amz-Credential"] = $"{iam.AccessKeyId}/{scope}",
            ["X-Amz-Date"] = moment,
            ["X-Amz-Expires"] = ((long)life.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            ["X-Amz-SignedHeaders"] = "host",
        };
        string asked = QueryOf(signed);
        string host = url.IsDefaultPort ? url.IdnHost : $"{url.IdnHost}:{url.Port.ToString(CultureInfo.InvariantCulture)}";
        string canonical = $"{method.Method}\n{url.AbsolutePath}\n{asked}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD";
        string text = $"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + iam.SecretAccessKey);
        foreach (string part in (string[])[day, region, "s3", "aws4_request", text]) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return new Uri($"{url.GetLeftPart(UriPartial.Path)}?{asked}&X-Amz-Signature={Convert.ToHexStringLower(key)}");
    }

    /// <summary>A query, escaped.</summary>
    public static string QueryOf(IEnumerable<KeyValuePair<string, string>> query) =>
        string.Join('&', query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
}
