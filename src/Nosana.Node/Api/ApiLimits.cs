using System.Threading.RateLimiting;

namespace Nosana.Node.Api;

/// <summary>How often the API may be asked, before anything of a request is looked at.</summary>
internal static class ApiLimits
{
    private const string ForwardedFor = "X-Forwarded-For";

    public static IServiceCollection AddApiLimits(this IServiceCollection services, ApiOptions options) => services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = static async (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = "1";
            await ApiReply.Text(StatusCodes.Status429TooManyRequests, "Too many requests. Ask again later.").ExecuteAsync(rejected.HttpContext);
        };
        limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            Limiter(ClientOf, options.RequestRate), Limiter(static _ => "all", options.TotalRequestRate));
    });

    private static PartitionedRateLimiter<HttpContext> Limiter(Func<HttpContext, string> partition, int rate) =>
        PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetTokenBucketLimiter(partition(http), _ => Bucket(rate)));

    private static TokenBucketRateLimiterOptions Bucket(int rate) => new()
    {
        TokenLimit = 2 * rate,
        TokensPerPeriod = rate,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };

    /// <summary>
    /// What the ingress saw: it appends to the header. Behind the network's tunnel that is the tunnel for all, and then the path's first words tell clients
    /// apart: who floods one job's routes keeps no other job's owner from his.
    /// </summary>
    private static string ClientOf(HttpContext http)
    {
        string last = http.Request.Headers[ForwardedFor].LastOrDefault()?.Split(',')[^1].Trim() ?? "";
        string[] words = (http.Request.Path.Value ?? "").Split('/', 4);
        string job = words.Length > 2 && words[1] == "job" && words[2].Length <= Longest ? words[2] : "";
        return Outside.IsFrom(http) ? $"{(last.Length <= Longest ? last : "")} {job}" : "this machine";
    }

    /// <summary>Of an address of either kind; what is longer is none.</summary>
    private const int Longest = 45;
}
