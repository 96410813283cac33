using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Nosana.Deployments.Api;

/// <summary>How often the API may be asked: by an address before anything of a request is looked at, and by an owner once it is known who he is.</summary>
internal sealed class ApiLimits(DeploymentApiOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _addresses = Limiter(options.RatePerAddress), _owners = Limiter(options.RatePerOwner);

    public Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        Take(_addresses, http.Connection.RemoteIpAddress?.ToString() ?? "");
        return next(http);
    }

    /// <exception cref="ApiRefusal">429.</exception>
    public void TakeOfOwner(string owner) => Take(_owners, owner);

    public void Dispose()
    {
        _addresses.Dispose();
        _owners.Dispose();
    }

    private static void Take(PartitionedRateLimiter<string> limiter, string of)
    {
        using RateLimitLease lease = limiter.AttemptAcquire(of);
        if (!lease.IsAcquired) throw new ApiRefusal(TooMany());
    }

    private static ApiReply TooMany() =>
        ApiReply.Framework(StatusCodes.Status429TooManyRequests, "TOO_MANY_REQUESTS", "Too many requests. Ask again later.").After(TimeSpan.FromSeconds(1));

    private static PartitionedRateLimiter<string> Limiter(int rate) => PartitionedRateLimiter.Create<string, string>(of => rate == 0
        ? RateLimitPartition.GetNoLimiter(of)
        : RateLimitPartition.GetTokenBucketLimiter(of, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 2 * rate,
            TokensPerPeriod = rate,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));
}
