using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Nosana.Deployments.Api.Reading;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Api;

/// <summary>A group of the API's routes: one class a file. Each is there twice, with and without <c>/api</c> before it.</summary>
internal interface IApiRoutes
{
    /// <param name="open">Routes that everybody may ask, and those that find out themselves who asks.</param>
    /// <param name="ofUser">Routes of an owner: <see cref="CallerExtensions.Caller"/> says which.</param>
    void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder ofUser);
}

/// <summary>Values within a path.</summary>
internal static class PathValues
{
    public const string Deployment = "/deployments/{deployment}";

    /// <exception cref="ApiRefusal">400: it is no address.</exception>
    public static string Address(string name, string value)
    {
        if (value.Length is 43 or 44 && PublicKey.TryParse(value, out _)) return value;
        var faults = new Faults(FaultForm.Parameters);
        faults.Add(name, "an address of 43 or 44 characters");
        faults.Throw();
        return value;
    }

    public static string Id(string deployment) => Address("deployment", deployment);

    /// <summary>What a route answers with and refuses, for its description.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route, string name, string tag = "Deployments") => route
        .WithName(name)
        .WithTags(tag)
        .Produces<T>()
        .Produces<FrameworkBody>(StatusCodes.Status400BadRequest)
        .Produces<string>(StatusCodes.Status401Unauthorized, "text/plain")
        .Produces<ErrorBody>(StatusCodes.Status404NotFound)
        .Produces<ErrorBody>(StatusCodes.Status409Conflict);
}
