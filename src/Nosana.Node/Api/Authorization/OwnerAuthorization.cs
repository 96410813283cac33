using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Solana.Rpc;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Api.Authorization;

/// <summary>
/// Whether a call comes from the owner of its job: the key is the job's <c>project</c> on chain. The chain is asked for jobs that this host has had, once
/// each, and never for one that runs here; of other jobs nothing is said and nobody is asked.
/// </summary>
internal sealed class OwnerAuthorization(JobOwners owners, JournalStore journal, HostWallet host, ApiOptions options, TimeProvider time)
{
    private readonly UsedSignatures _used = new(time);

    /// <param name="text">The authorization; null where there is none.</param>
    /// <param name="call">What is asked.</param>
    /// <param name="cancel">Ends the asking.</param>
    public async Task<Authorized> CheckAsync(string? text, OwnerCall call, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(text)) return Authorized.Not(AuthorizationFault.Missing);
        return BoundHeader.Claims(text) ? await CheckBoundAsync(text, call, cancel) : await CheckOfficialAsync(text, call, cancel);
    }

    private async Task<Authorized> CheckOfficialAsync(string text, OwnerCall call, CancellationToken cancel)
    {
        // A first look, without the job's own age, so that nobody is asked anything for a header that is none.
        if (!SignedHeader.TryRead(text, time.GetUtcNow(), TimeSpan.MaxValue, out _, out string? fault)) return Authorized.Not(fault);
        if (options.BoundOnly && call.Changes) return Authorized.Not(AuthorizationFault.BoundOnly);
        (JobOwner? owner, Authorized? refused) = await OwnerAsync(call.Job, cancel);
        if (owner is null) return refused!;
        TimeSpan age = call.Age ?? TimeSpan.FromSeconds(Math.Clamp(owner.Timeout, 0, int.MaxValue));
        if (!SignedHeader.TryRead(text, time.GetUtcNow(), age, out SignedHeader? header, out fault)) return Authorized.Not(fault);
        if (header.IsOf(owner.Project)) return Authorized.AsOwner(owner.Project);
        return call.TakesHost && header.IsOf(host.Address) ? Authorized.AsHost : Authorized.WrongKey;
    }

    private async Task<Authorized> CheckBoundAsync(string text, OwnerCall call, CancellationToken cancel)
    {
        if (!BoundHeader.TryRead(text, out BoundHeader? header, out string? fault)) return Authorized.Not(fault);
        if (!header.IsFresh(time.GetUtcNow())) return Authorized.Not(AuthorizationFault.Expired);
        (JobOwner? owner, Authorized? refused) = await OwnerAsync(call.Job, cancel);
        if (owner is null) return refused!;
        bool isOwner = header.IsOf(owner.Project);
        if (!isOwner && !(call.TakesHost && header.IsOf(host.Address))) return Authorized.WrongKey;
        // Only now is the body looked at: by somebody who may send one.
        string body = call.BodyDigest is { } digest ? await digest(cancel) : BoundHeader.NoBody;
        if (!header.IsFor(host.Address.Key, call.Job, call.Method, call.Path, body)) return Authorized.Not(AuthorizationFault.OtherCall);
        if (call.Changes && !_used.TryUse(header.Signature, header.Time + BoundHeader.Window)) return Authorized.Not(AuthorizationFault.Replayed);
        return isOwner ? Authorized.AsOwner(owner.Project) : Authorized.AsHost;
    }

    private async Task<(JobOwner? Owner, Authorized? Refused)> OwnerAsync(string job, CancellationToken cancel)
    {
        if (owners.FindKnown(job) is { } known) return (known, null);
        if (!PublicKey.TryParse(job, out PublicKey address)) return (null, Authorized.Not(AuthorizationFault.InvalidKey));
        if (journal.FindRunOfJob(job) is null) return (null, Authorized.Not(AuthorizationFault.NoSuchJob(job)));
        try
        {
            return await owners.FindAsync(address, cancel) is { } owner ? (owner, null) : (null, Authorized.Not(AuthorizationFault.NoSuchJob(job)));
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            return (null, Authorized.Unknown);
        }
    }
}

/// <summary>A call that its job's owner alone may make.</summary>
/// <param name="Job">The job's address, as it was written.</param>
/// <param name="Method">GET, POST ..., or <see cref="BoundHeader.SocketMethod"/>.</param>
/// <param name="Path">As it was written.</param>
/// <param name="Changes">Whether it changes something.</param>
internal sealed record OwnerCall(string Job, string Method, string Path, bool Changes)
{
    /// <summary>How long a timed authorization holds; null is as long as the job was paid for.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Whether the host's own key is good for it, too.</summary>
    public bool TakesHost { get; init; }

    /// <summary>Reads the body for its <see cref="BoundHeader.DigestOf"/>; null where there can be none.</summary>
    public Func<CancellationToken, Task<string>>? BodyDigest { get; init; }
}

/// <summary>What was found of a call.</summary>
/// <param name="By">Who makes it; null where that is not known, and nothing is to be done.</param>
/// <param name="Status">HTTP.</param>
/// <param name="Text">What is answered where nothing is done.</param>
internal sealed record Authorized(PublicKey? By, int Status, string Text)
{
    /// <summary>Well-formed, and somebody else's.</summary>
    public static readonly Authorized WrongKey = new(null, StatusCodes.Status401Unauthorized, AuthorizationFault.Unauthorized);

    /// <summary>The chain does not say whose the job is: that is not the caller's fault.</summary>
    public static readonly Authorized Unknown =
        new(null, StatusCodes.Status503ServiceUnavailable, "The chain does not answer whose this job is. Ask again later.");

    public static readonly Authorized AsHost = new(default(PublicKey), StatusCodes.Status200OK, "");

    public bool IsGranted => By is not null;

    public static Authorized AsOwner(PublicKey project) => new(project, StatusCodes.Status200OK, "");

    public static Authorized Not(string reason) => new(null, StatusCodes.Status401Unauthorized, AuthorizationFault.Of(reason));
}
