using Microsoft.OpenApi;
using Nosana.Node.Jobs;
using Scalar.AspNetCore;

namespace Nosana.Node.Api;

/// <summary>The API as an OpenAPI document, and a page to read it and try it; for this machine's people alone.</summary>
internal static class ApiDescription
{
    /// <summary>Where the document is.</summary>
    public const string Document = "/openapi/v1.json";

    /// <summary>Where the page is.</summary>
    public const string Page = "/scalar";

    private const string Title = "Nosana Node API", Scheme = "owner";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.RelativePath?.StartsWith("job/", StringComparison.Ordinal) == true)
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = Title, Version = AgentVersion.Text, Description = "The API of a node of the Nosana network." };
            document.Servers?.Clear();
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "authorization",
                Description = "MESSAGE:BASE58[:MILLISECONDS], signed by the job's owner; docs/api.md has the bound form.",
            };
            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").ExcludeFromDescription();
        app.MapScalarApiReference(Page, scalar => scalar.WithTitle(Title).WithOpenApiRoutePattern(Document).DisableDefaultFonts().DisableTelemetry())
            .ExcludeFromDescription();
    }

    /// <summary>Before routing: neither what comes through the ingress nor a page of the world whose name points here is told that there is anything.</summary>
    public static Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments("/openapi") && !http.Request.Path.StartsWithSegments(Page)) return next(http);
        if (!Outside.IsOwnPerson(http)) return ApiFaults.NotFound(http).ExecuteAsync(http);
        http.Response.Headers.ContentSecurityPolicy = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:";
        http.Response.Headers.AccessControlAllowOrigin = default;
        return next(http);
    }
}
