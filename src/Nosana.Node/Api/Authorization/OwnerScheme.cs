using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Nosana.Node.Api.Authorization;

/// <summary>The authentication scheme of routes below <c>/job/{job}</c>: the caller is the job's owner, see <see cref="OwnerAuthorization"/>.</summary>
internal sealed class OwnerScheme(
    OwnerAuthorization authorization, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "owner";

    private Authorized? _found;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.RouteValues["job"] is not string job) return AuthenticateResult.NoResult();
        string[] values = [.. Request.Headers.Authorization.OfType<string>()];
        _found = values.Length > 1
            ? Authorized.Not(AuthorizationFault.InvalidType)
            : await authorization.CheckAsync(values.FirstOrDefault(), CallOf(job), Context.RequestAborted);
        if (_found.By is not { } owner) return AuthenticateResult.Fail(_found.Text);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, owner.Key)], Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Authorized found = _found ?? Authorized.Not(AuthorizationFault.Missing);
        await ApiReply.Text(found.Status, found.Text).ExecuteAsync(Context);
    }

    private OwnerCall CallOf(string job)
    {
        bool reads = HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method);
        // As it was sent: what is signed is what the client wrote.
        string path = Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return new OwnerCall(job, Request.Method, path, Changes: !reads) { BodyDigest = DigestAsync };
    }

    private async Task<string> DigestAsync(CancellationToken cancel)
    {
        Request.EnableBuffering(ApiServer.MaxBodyBytes); // in memory: a body is no larger, and may be a secret
        using var body = new MemoryStream();
        await Request.Body.CopyToAsync(body, cancel);
        Request.Body.Position = 0;
        return BoundHeader.DigestOf(body.GetBuffer().AsSpan(0, (int)body.Length));
    }
}
