using Microsoft.AspNetCore.Http;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Api.Authorization;

/// <summary>A host that has a job of ours: it signs the job's address, and the chain says that it has it.</summary>
internal sealed class HostAuthorization(DeploymentStore store, IApiChain chain, TimeProvider time)
{
    /// <returns>The job that the caller has.</returns>
    /// <exception cref="ApiRefusal">In the network's words.</exception>
    public async Task<DeploymentJob> JobOfAsync(HttpContext http, string job)
    {
        if (!PublicKey.TryParse(job, out _)) throw Refused(StatusCodes.Status400BadRequest, "Job missing");
        if (http.Request.Headers.Authorization is not [{ Length: > 0 } authorization]
            || !SignedMessage.TryRead(authorization, time.GetUtcNow(), out SignedMessage? signed)
            || signed.Message != job)
            throw ApiRefusal.Unauthorized();
        DeploymentJob known = await store.FindJobAsync(job, http.RequestAborted) ?? throw Refused(StatusCodes.Status404NotFound, "Job Not Found");
        JobHolder holder = await chain.HolderAsync(job, http.RequestAborted) ?? throw Refused(StatusCodes.Status404NotFound, "Job Account not found");
        // Nobody has a queued job: the chain writes the zero key, for which signatures can be made by anybody.
        if (!signed.IsOf(holder.Node)) throw ApiRefusal.Unauthorized();
        if (!holder.IsRunning) throw Refused(StatusCodes.Status403Forbidden, "Job must be running");
        return known;
    }

    private static ApiRefusal Refused(int status, string text) => new(ApiReply.Text(status, text));
}
