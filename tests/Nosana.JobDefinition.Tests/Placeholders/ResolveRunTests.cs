using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Placeholders;

namespace Nosana.JobDefinition.Tests.Placeholders;

public class ResolveRunTests
{
    private static readonly PlaceholderScope s_scope = PlaceholderVectorTests.Scope;

    [Fact]
    public void ResolveRun_SmallestArgs_HasDefaultsAndTheJobsId()
    {
        ContainerRunArgs args = Resolve("");

        Assert.Equal("busybox", args.Image);
        Assert.Null(args.Cmd);
        Assert.Null(args.Entrypoint);
        Assert.Null(args.WorkDir);
        Assert.False(args.Gpu);
        Assert.Equal([new KeyValuePair<string, string>("NOSANA_ID", "JOB1")], args.Env);
        Assert.Empty(args.Expose);
    }

    [Fact]
    public void ResolveRun_CommandText_GoesToTheShellAsItIs() =>
        Assert.Equal(["/bin/sh", "-c", "echo 'a b'  c"], Resolve("\"cmd\":\"echo 'a b'  c\"").Cmd!.Argv);

    [Fact]
    public void ResolveRun_CommandList_IsExecForm() => Assert.Equal(["date"], Resolve("\"cmd\":[\"date\"]").Cmd!.Argv);

    [Fact]
    public void ResolveRun_CommandListOfLiterals_HasTextsOnly() =>
        Assert.Equal(["1", "2", "{\"K\":\"v\",\"N\":2}"], Resolve("\"cmd\":[\"%%global.variables.JSONA%%\",\"%%ops.a.results.obj%%\"]").Cmd!.Argv);

    [Fact]
    public void ResolveRun_EntrypointText_IsOneWord() => Assert.Equal(["/bin/my sh"], Resolve("\"entrypoint\":\"/bin/my sh\"").Entrypoint!);

    [Fact]
    public void ResolveRun_GlobalDefaults_AreMergedAsWritten()
    {
        ContainerRunArgs args = Resolve(
            "\"env\":{\"B\":\"op\"},\"gpu\":false,\"entrypoint\":[],\"work_dir\":\"\"",
            ",\"global\":{\"gpu\":true,\"entrypoint\":\"sh\",\"env\":{\"A\":\"%%global.job%%\",\"B\":\"global\",\"NOSANA_ID\":\"x\"},\"work_dir\":\"/srv\"}");

        Assert.True(args.Gpu);
        Assert.Equal(["sh"], args.Entrypoint!);
        Assert.Equal("/srv", args.WorkDir);
        Assert.Equal("%%global.job%%", args.Env["A"]);
        Assert.Equal("op", args.Env["B"]);
        Assert.Equal("JOB1", args.Env["NOSANA_ID"]);
    }

    [Theory]
    [InlineData("8080", new[] { 8080 })]
    [InlineData("[8080,9090]", new[] { 8080, 9090 })]
    [InlineData("\"8000-8003\"", new[] { 8000, 8001, 8002, 8003 })]
    [InlineData("[\"8000-8001\",9000]", new[] { 8000, 8001, 9000 })]
    [InlineData("{\"port\":80}", new[] { 80 })]
    [InlineData("[{\"port\":\"80-81\"}]", new[] { 80, 81 })]
    [InlineData("\"%%ops.a.results.num%%\"", new[] { 9000 })]
    [InlineData("\"%%ops.a.results.arr%%\"", new[] { 7000, 8000 })]
    [InlineData("[1,{\"__spread__\":\"%%ops.a.results.arr%%\"}]", new[] { 1, 7000, 8000 })]
    [InlineData("\"%%global.variables.JSONA%%\"", new[] { 1, 2 })]
    [InlineData("[]", new int[0])]
    public void ResolveRun_ExposeInAnyForm_GivesSinglePorts(string expose, int[] ports) =>
        Assert.Equal(ports, Resolve($"\"expose\":{expose}").Expose.Select(p => p.Port));

    [Fact]
    public void ResolveRun_HealthChecks_AreTyped()
    {
        ContainerRunArgs args = Resolve("""
            "expose":[{"port":80,"type":"webapi","health_checks":[
              {"type":"http","path":"/r","method":"POST","expected_status":204,"continuous":true,"headers":{"Accept":"*/*"},"body":{"ping":[1,null]}},
              {"type":"websocket","expected_response":"101","continuous":false}]}]
            """);

        ExposedPort port = Assert.Single(args.Expose);
        Assert.Equal("webapi", port.Type);
        var http = Assert.IsType<HttpHealthCheck>(port.HealthChecks[0]);
        Assert.Equal(("/r", "POST", 204, "{\"ping\":[1,null]}", true), (http.Path, http.Method, http.ExpectedStatus, http.Body, http.Continuous));
        Assert.Equal("*/*", http.Headers["Accept"]);
        Assert.Equal(new WebSocketHealthCheck("101", false), port.HealthChecks[1]);
    }

    [Theory]
    [InlineData("", false, null)]
    [InlineData(""","restart_on_failure":true""", true, null)]
    [InlineData(""","restart_on_failure":true,"max_restarts":3""", true, 3.0)]
    [InlineData(""","restart_on_failure":false,"max_restarts":0""", false, 0.0)]
    public void ResolveRun_HealthCheckThatRestarts_IsTyped(string more, bool restarts, double? most)
    {
        string checks = $$"""
            {"type":"http","path":"/r","method":"GET","expected_status":200,"continuous":true{{more}}},
            {"type":"websocket","expected_response":"101","continuous":true{{more}}}
            """;
        ExposedPort port = Assert.Single(Resolve($"\"expose\":[{{\"port\":80,\"health_checks\":[{checks}]}}]").Expose);
        Assert.All(port.HealthChecks, check => Assert.Equal((restarts, most), (check.RestartsOnFailure, check.MaxRestarts)));
    }

    [Fact]
    public void ResolveRun_Resources_AreTyped()
    {
        ContainerRunArgs args = Resolve("""
            "resources":[
              {"type":"S3","url":"https://b/p","files":["f"],"target":"/m","allowWrite":true,"IAM":{"REGION":"r","ACCESS_KEY_ID":"k","SECRET_ACCESS_KEY":"s"}},
              {"type":"S3","buckets":[{"url":"https://a/x"},{"url":"https://b/y","files":["z"]}],"target":"/n"},
              {"type":"HF","repo":"o/m","files":["c"],"accessToken":"t","target":"/h"},
              {"type":"Ollama","model":"tiny"}]
            """);

        var s3 = Assert.IsType<S3Resource>(args.Resources[0]);
        Assert.Equal(("https://b/p", true, "s"), (s3.Url, s3.AllowWrite, s3.Iam!.SecretAccessKey));
        Assert.DoesNotContain("SecretAccessKey", s3.ToString(), StringComparison.Ordinal);
        Assert.Equal(["z"], Assert.IsType<S3Resource>(args.Resources[1]).Buckets[1].Files);
        Assert.Equal("t", Assert.IsType<HuggingFaceResource>(args.Resources[2]).AccessToken);
        Assert.Equal(new OllamaResource("/root/.ollama/models", "tiny"), args.Resources[3]);
    }

    [Fact]
    public void ResolveRun_RestOfTheFields_AreTyped()
    {
        ContainerRunArgs args = Resolve("""
            "aliases":"db, cache,db","volumes":[{"name":"v","dest":"/v"}],"restart_policy":{"policy":"on-failure","restart_tries":3},
            "authentication":{"docker":{"username":"u","password":"secret","server":"ghcr.io"}}
            """);

        Assert.Equal(["db", "cache"], args.Aliases);
        Assert.Equal([new VolumeMount("v", "/v")], args.Volumes);
        Assert.Equal(new RestartPolicy(RestartPolicyKind.OnFailure, 3), args.RestartPolicy);
        Assert.Equal(new DockerAuthentication("u", "secret", null, "ghcr.io"), args.Authentication);
        Assert.DoesNotContain("secret", args.Authentication!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"image\":\"%%ops.a.results.none%%\"", "$input.ops[0].args.image")]
    [InlineData("\"expose\":\"%%ops.a.results.one%%\"", "$input.ops[0].args.expose")]
    [InlineData("\"expose\":[7000,{\"__spread__\":\"%%ops.a.results.arr%%\"}]", "$input.ops[0].args.expose[1]")]
    [InlineData("\"env\":{\"__spread__\":\"%%ops.a.results.arr%%\"}", "$input.ops[0].args.env.__spread__")]
    [InlineData("\"resources\":[{\"__spread__\":\"%%ops.a.results.arr%%\"}]", "$input.ops[0].args.resources[0]")]
    public void ResolveRun_ValueThatDoesNotFit_FailsWithItsPlace(string members, string path) =>
        Assert.Equal(path, Assert.Throws<PlaceholderException>(() => Resolve(members)).Path);

    [Fact]
    public void ResolveCreateVolume_Name_IsResolved()
    {
        Definition definition = TestDefinitions.WithOps("""{"type":"container/create-volume","id":"v","args":{"name":"data-%%ops.a.results.one%%"}}""");

        Assert.Equal("data-x", PlaceholderResolver.ResolveCreateVolume(definition.Ops[0], s_scope).Name);
    }

    private static ContainerRunArgs Resolve(string members, string more = "")
    {
        Definition definition = TestDefinitions.WithArgs(members, more);
        return PlaceholderResolver.ResolveRun(definition, definition.Ops[0], s_scope);
    }
}
