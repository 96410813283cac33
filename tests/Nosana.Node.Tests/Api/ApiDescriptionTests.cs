using System.Text.Json.Nodes;
using Nosana.Node.Api.Streaming;
using Nosana.Testing;

namespace Nosana.Node.Tests.Api;

public sealed class ApiDescriptionTests
{
    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_Document_HasEveryRoute()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        (int status, string body, _) = await bench.GetAsync("/openapi/v1.json", "");
        Assert.Equal(200, status);
        JsonObject paths = JsonNode.Parse(body)!["paths"]!.AsObject();
        IEnumerable<string> found = paths.SelectMany(path => path.Value!.AsObject().Select(call => $"{call.Key.ToUpperInvariant()} {path.Key}")).Where(route => !route.StartsWith("HEAD"));
        Assert.Equal(Routes.All.Order(), found.Order());
        Assert.Equal(Routes.Sockets.Order(), bench.Get<IEnumerable<ISocketRoute>>().Select(route => $"WS {route.Path}").Order());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_Page_IsForThisMachinesPeopleAlone()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        Assert.Equal(200, (await bench.GetAsync("/scalar/", "")).Status);
        Uri ingress = bench.Jobs.Exposure.Find(bench.Host.PublicKey + ".localhost")!.Destination!;
        using var http = new HttpClient();
        foreach (string path in new[] { "/scalar/", "/scalar", "/openapi/v1.json", "/SCALAR/" })
        {
            Assert.Equal(404, (int)(await http.GetAsync(new Uri(ingress, path), TestContext.Current.CancellationToken)).StatusCode);
            Assert.Equal(404, (await bench.AskAsync(HttpMethod.Get, path, "", more: request => request.Headers.Host = "evil.example")).Status);
            Assert.Equal(404, (await bench.AskAsync(HttpMethod.Get, path, "", more: request => request.Headers.Host = $"{bench.Host.PublicKey}.localhost")).Status);
        }
    }
}
