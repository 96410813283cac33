using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Nosana.Deployments.Api.Views;

namespace Nosana.Deployments.Api;

/// <summary>The API as an OpenAPI document, where the network's manager has it.</summary>
internal static class ApiDescription
{
    /// <summary>Where the document is.</summary>
    public const string Path = "/documentation/json";

    private const string Document = "json", Scheme = "Authorization", Ending = "View";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
        // Names of the network's document: Deployment, Deployments, Job, and so on.
        options.CreateSchemaReferenceId = type => type.Type == typeof(ErrorBody) ? "Error"
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name && name.EndsWith(Ending, StringComparison.Ordinal) ? name[..^Ending.Length]
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Nosana Deployments API",
                Version = typeof(DeploymentView).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0",
                Description = "What to run, where, how many and for how long. Times that are given are minutes.",
            };
            document.Servers?.Clear();
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = Scheme,
                Description = "MESSAGE:BASE58[:MILLISECONDS], signed by the owner whose address is in x-user-id; or Bearer nos_...",
            };
            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this WebApplication app) => app.MapOpenApi("/documentation/{documentName}");
}
