using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Nosana.Deployments.Store;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Api.Authorization;

/// <summary>Who asks: the owner of a wallet by its signature, or of an API key of this manager.</summary>
internal sealed class UserAuthorization(DeploymentStore store, DeploymentApiOptions options, TimeProvider time)
{
    private const string UserHeader = "x-user-id", Bearer = "Bearer ", Missing = "Unauthorized, missing or invalid headers";
    private const int MostKeyCharacters = 128;

    // That a key is in use is written down this often: not at every call.
    private static readonly TimeSpan s_noteEvery = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _noted = new(StringComparer.Ordinal);

    /// <returns>The owner's address.</returns>
    /// <exception cref="ApiRefusal">401.</exception>
    public async ValueTask<string> CallerAsync(HttpContext http)
    {
        if (http.Request.Headers.Authorization is not [{ Length: > 0 } authorization]) throw ApiRefusal.Unauthorized(Missing);
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return await OwnerOfKeyAsync(authorization[Bearer.Length..].Trim(), http.RequestAborted);
        if (http.Request.Headers[UserHeader] is not [{ Length: 43 or 44 } user]) throw ApiRefusal.Unauthorized(Missing);
        if (!PublicKey.TryParse(user, out PublicKey key)
            || !SignedMessage.TryRead(authorization, time.GetUtcNow(), out SignedMessage? signed)
            || (options.RequiresTime && signed.Time is null)
            || !signed.IsOf(key))
            throw ApiRefusal.Unauthorized();
        return key.Key;
    }

    private async ValueTask<string> OwnerOfKeyAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Length > MostKeyCharacters || !text.StartsWith(ApiKeyRecord.Beginning, StringComparison.Ordinal)) throw ApiRefusal.Unauthorized();
        ApiKeyRecord key = await store.FindApiKeyAsync(ApiKeyRecord.HashOf(text), cancellationToken) ?? throw ApiRefusal.Unauthorized();
        DateTimeOffset now = time.GetUtcNow();
        if (!_noted.TryGetValue(key.Hash, out DateTimeOffset at) || now - at >= s_noteEvery)
        {
            _noted[key.Hash] = now;
            await store.UsedApiKeyAsync(key.Hash, cancellationToken);
        }
        return key.Owner;
    }
}
