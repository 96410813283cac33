using System.Text.Json;

namespace Nosana.Deployments.Tests.Api;

public sealed class ServerTests
{
    [Theory]
    [InlineData("GET", "/nope")]
    [InlineData("PUT", "/deployments")]
    [InlineData("POST", "/api/nope?x=1")]
    [InlineData("HEAD2", "/")]
    public async Task Route_ThatIsNotThere_IsTheFrameworks404(string method, string path)
    {
        await using TestApi api = await TestApi.StartAsync();
        Answer refused = await api.SendAsync(method, path);
        Assert.Equal((404, $"Route {method}:{path} not found", "Not Found", "404"), (refused.Status, refused["message"], refused["error"], refused["statusCode"]));
    }

    [Fact]
    public async Task Open_RoutesAnswerWithoutAuthorization()
    {
        await using TestApi api = await TestApi.StartAsync(options => options with { Role = "api" });
        foreach (string prefix in (string[])["", "/api"])
        {
            Answer health = await api.SendAsync("GET", prefix + "/health", null, null, null);
            Assert.Equal((200, "healthy", "api", "2026-01-01T00:00:00.000Z"), (health.Status, health["status"], health["mode"], health["timestamp"]));
        }
        Assert.Equal((200, ""), ((await api.SendAsync("GET", "/", null, null, null)).Status, (await api.SendAsync("GET", "/", null, null, null)).Text));
        Answer head = await api.SendAsync("HEAD", "/health", null, null, null);
        Assert.Equal((200, ""), (head.Status, head.Text));
    }

    [Fact]
    public async Task Description_NamesEveryRouteOnceAndTheNetworksSchemas()
    {
        await using TestApi api = await TestApi.StartAsync();
        Answer document = await api.SendAsync("GET", "/documentation/json", null, null, null);
        Assert.True(document.Status == 200, document.Text);
        Assert.StartsWith("3.0.", document["openapi"], StringComparison.Ordinal);
        string[] paths = [.. document.Json.GetProperty("paths").EnumerateObject().Select(path => path.Name)];
        Assert.Contains("/deployments/create", paths);
        Assert.Contains("/deployments/{deployment}/update-replica-count", paths);
        Assert.Contains("/deployments/vaults/{vault}/withdraw", paths);
        Assert.Contains("/deployments/jobs/{job}/results", paths);
        Assert.DoesNotContain(paths, path => path.StartsWith("/api/", StringComparison.Ordinal));
        string[] schemas = [.. document.Json.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name)];
        Assert.Empty(((string[])["Deployment", "Deployments", "Endpoint", "Error", "Event", "Job", "Revision", "Task", "Vault"]).Except(schemas));
        Assert.Equal("apiKey", document.Json.GetProperty("components").GetProperty("securitySchemes").GetProperty("Authorization").GetProperty("type").GetString());
        JsonElement properties = document.Json.GetProperty("components").GetProperty("schemas").GetProperty("Deployment").GetProperty("properties");
        Assert.True(properties.TryGetProperty("active_revision", out _));
    }

    // Silence is not "there is no such market" and not "there is no such job": a host that brings a result comes again.
    [Fact]
    public async Task Chain_ThatCannotBeAsked_Is503AndNothingStored()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(), vault = (await api.SendAsync("GET", $"/deployments/{id}"))["vault"]!;
        await api.SetAsync(id, before => before, Store.TestStore.Job(vault));
        api.Chain.IsSilent = true;
        foreach ((string method, string path, string? body) in ((string, string, string?)[])
        [
            ("POST", "/deployments/create", TestApi.Body()),
            ("PATCH", $"/deployments/{id}/update-market", $$"""{"market":"{{TestApi.Market}}"}"""),
            ("GET", $"/deployments/{id}/costs", null),
            ("GET", $"/deployments/vaults/{vault}/balance", null),
            ("POST", $"/deployments/vaults/{vault}/withdraw", null),
        ])
        {
            Answer refused = await api.SendAsync(method, path, body);
            Assert.Equal((503, "The chain cannot be asked now. Try again later."), (refused.Status, refused["error"]));
        }
        Answer host = await api.SendAsync("POST", $"/deployments/jobs/{vault}/results", "{}", null, TestApi.Authorize(api.Owner, vault));
        Assert.Equal(503, host.Status);
        Assert.Equal((1, 1L + 1), (await api.CountAsync(), (await api.Store.FindAsync(id, TestApi.Stop))!.Version));
    }

    [Fact]
    public async Task Preflight_OfAnotherSitesPage_IsAnswered()
    {
        await using TestApi api = await TestApi.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/deployments/create");
        request.Headers.TryAddWithoutValidation("Origin", "https://page.example");
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "x-user-id, authorization");
        using HttpResponseMessage response = await api.Http.SendAsync(request, TestApi.Stop);
        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal("https://page.example", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("x-user-id, authorization", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.Contains("PATCH", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
    }
}
