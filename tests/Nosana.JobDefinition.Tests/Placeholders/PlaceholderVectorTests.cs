using System.Text.Json.Nodes;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Placeholders;
using Nosana.JobDefinition.Results;

namespace Nosana.JobDefinition.Tests.Placeholders;

/// <summary>Arguments in and out as the official functions gave them, and the places where ours differ on purpose.</summary>
public class PlaceholderVectorTests
{
    internal static PlaceholderScope Scope { get; } = new()
    {
        Job = "JOB1",
        Host = "HOST1",
        Project = "PROJ1",
        FrpsAddress = "node.example",
        Version = "1.2.3",
        Variables = new Dictionary<string, string> { ["MODEL"] = "m-7b", ["EMPTY"] = "", ["JSONA"] = "[1,2]" },
        Ops = new Dictionary<string, OperationValues>
        {
            ["a"] = new()
            {
                Host = "JOB1-0",
                ContainerIp = "172.18.0.2",
                Endpoints = new Dictionary<string, string> { ["80"] = "h80.node.example" },
                Results = new Dictionary<string, ResultValue>
                {
                    ["one"] = ResultValue.List(["x"]),
                    ["many"] = ResultValue.List(["x", "y z"]),
                    ["none"] = ResultValue.List([]),
                    ["obj"] = ResultValue.List(["{\"K\":\"v\",\"N\":2}"]),
                    ["arr"] = ResultValue.List(["[7000,8000]"]),
                    ["chunks"] = ResultValue.List(["[1,", "2]"]),
                    ["num"] = ResultValue.List(["9000"]),
                    ["str"] = ResultValue.Single("plain"),
                    ["pairs"] = ResultValue.List(["[{\"key\":\"A\",\"value\":\"1\"},{\"key\":\"B\"}]"]),
                },
            },
        },
    };

    [Theory]
    [InlineData("""{"image":"%%ops.a.results.one%%"}""", """{"image":"x"}""")]
    [InlineData("""{"image":"%%ops.a.results.many%%"}""", """{"image":"x y z"}""")]
    [InlineData("""{"image":"%%ops.a.results.none%%"}""", """{"image":""}""")]
    [InlineData("""{"image":"%%ops.a.results.str%%"}""", """{"image":"plain"}""")]
    [InlineData("""{"cmd":["k","%%ops.a.results.none%%"]}""", """{"cmd":["k"]}""")]
    [InlineData("""{"cmd":["k","%%ops.a.results.many%%","z"]}""", """{"cmd":["k","x","y z","z"]}""")]
    [InlineData("""{"cmd":["k=%%ops.a.results.many%%"]}""", """{"cmd":["k=x y z"]}""")]
    [InlineData("""{"cmd":"run %%ops.a.results.many%%"}""", """{"cmd":"run x y z"}""")]
    [InlineData("""{"entrypoint":["__remove-if-empty__","%%ops.a.results.none%%"]}""", "{}")]
    [InlineData("""{"entrypoint":["__remove-if-empty__","%%ops.a.results.one%%"]}""", """{"entrypoint":["x"]}""")]
    [InlineData("""{"cmd":["__remove-if-empty__","__remove-if-empty__"]}""", """{"cmd":["__remove-if-empty__"]}""")]
    [InlineData("""{"env":{"H":"http://%%ops.a.host%%:80","E":"%%ops.a.endpoint.80%%"}}""", """{"env":{"H":"http://JOB1-0:80","E":"h80.node.example"}}""")]
    [InlineData("""{"env":{"J":"%%global.job%%","H":"%%globals.host%%"}}""", """{"env":{"J":"JOB1","H":"HOST1"}}""")]
    [InlineData("""{"cmd":["%%global.project%%","%%global.frps_address%%"]}""", """{"cmd":["PROJ1","node.example"]}""")]
    [InlineData("""{"cmd":["%%global.version%% %%globals.version%%"]}""", """{"cmd":["1.2.3 1.2.3"]}""")]
    [InlineData("""{"env":{"URL":"http://%%ops.a.container_ip%%:80"}}""", """{"env":{"URL":"http://172.18.0.2:80"}}""")]
    [InlineData("""{"cmd":["%%globals.variables.MODEL%%"]}""", """{"cmd":["%%globals.variables.MODEL%%"]}""")]
    [InlineData("""{"cmd":["%%ops.variables.MODEL%%"]}""", """{"cmd":["m-7b"]}""")]
    [InlineData("""{"cmd":["%%global.variables.JSONA%%"]}""", """{"cmd":[1,2]}""")]
    [InlineData("""{"image":"%%global.variables.JSONA%%"}""", """{"image":"1 2"}""")]
    [InlineData("""{"cmd":["%%global.job%%.%%global.host%%"]}""", """{"cmd":["JOB1.HOST1"]}""")]
    [InlineData("""{"cmd":["%%global.variables.MODEL%% and %%global.job%%"]}""", """{"cmd":["m-7b and JOB1"]}""")]
    [InlineData("""{"cmd":["%%ops.a.host%%%%ops.a.host%%"]}""", """{"cmd":["JOB1-0JOB1-0"]}""")]
    [InlineData("""{"cmd":["%%ops.a.results.many.1%%"]}""", """{"cmd":["y z"]}""")]
    [InlineData("""{"cmd":["%%secrets.x%%","%% ops.a.host %%","%%ops","100%%","%%ops.a%%"]}""", """{"cmd":["%%secrets.x%%","%% ops.a.host %%","%%ops","100%%","%%ops.a%%"]}""")]
    [InlineData("""{"expose":"%%ops.a.results.num%%"}""", """{"expose":"9000"}""")]
    [InlineData("""{"expose":"%%ops.a.results.arr%%"}""", """{"expose":[7000,8000]}""")]
    [InlineData("""{"expose":[1,{"__spread__":"%%ops.a.results.arr%%"}]}""", """{"expose":[1,7000,8000]}""")]
    [InlineData("""{"expose":[{"__spread__":"%%ops.a.results.chunks%%","chunked":true}]}""", """{"expose":[1,2]}""")]
    [InlineData("""{"expose":[{"__spread__":"%%ops.a.results.chunks%%"}]}""", """{"expose":["[1,","2]"]}""")]
    [InlineData("""{"expose":[{"__spread__":"%%ops.a.results.none%%"}]}""", """{"expose":[]}""")]
    [InlineData("""{"env":{"K":"static","__spread__":"%%ops.a.results.obj%%"}}""", """{"env":{"K":"v","N":"2"}}""")]
    [InlineData("""{"env":{"__pairs__":"%%ops.a.results.pairs%%"}}""", """{"env":{"A":"1","B":""}}""")]
    [InlineData("""{"expose":[5000,{"__spread__":"[7000,8000]"},6000]}""", """{"expose":[5000,7000,8000,6000]}""")]
    [InlineData("""{"resources":[{"type":"S3","url":"s3://b/%%ops.a.results.one%%","target":"/d"}]}""", """{"resources":[{"type":"S3","url":"s3://b/x","target":"/d"}]}""")]
    [InlineData("""{"resources":[{"type":"Ollama","model":"%%global.variables.MODEL%%"}]}""", """{"resources":[{"type":"Ollama","model":"m-7b"}]}""")]
    [InlineData("""{"env":{"A":"%%ops.a.results.many%%","B":"%%ops.a.results.obj%%"}}""", """{"env":{"A":"x y z","B":"{\"K\":\"v\",\"N\":2}"}}""")]
    [InlineData("""{"cmd":["{not json"]}""", """{"cmd":["{not json"]}""")]
    [InlineData("""{"expose":[{"port":80,"health_checks":[{"type":"http","body":"{\"a\":[1]}"}]}]}""", """{"expose":[{"port":80,"health_checks":[{"type":"http","body":"{\"a\":[1]}"}]}]}""")]
    [InlineData("""{"resources":["__remove-if-empty__",{"__spread__":"%%ops.a.results.none%%"}]}""", "{}")]
    public void Resolve_OfficialVector_GivesTheSame(string args, string expected) => AssertResolves(args, expected);

    [Theory]
    // Two short literals in one text.
    [InlineData("""{"cmd":["%%global.job%%-%%global.host%%"]}""", """{"cmd":["JOB1-HOST1"]}""")]
    [InlineData("""{"cmd":["%%global.job%% and %%global.variables.MODEL%%"]}""", """{"cmd":["JOB1 and m-7b"]}""")]
    // Text that was written is not unpacked.
    [InlineData("""{"env":{"A":"[\"x\",\"y\"]","B":"{\"k\":1}","C":"[]","D":"[1]"}}""", """{"env":{"A":"[\"x\",\"y\"]","B":"{\"k\":1}","C":"[]","D":"[1]"}}""")]
    [InlineData("""{"cmd":["[1,2]","{\"a\":1}"]}""", """{"cmd":["[1,2]","{\"a\":1}"]}""")]
    [InlineData("""{"cmd":"[\"x\",\"y\"]"}""", """{"cmd":"[\"x\",\"y\"]"}""")]
    [InlineData("""{"env":{"__pairs__":"[{\"key\":\"A\",\"value\":\"1\"}]"}}""", """{"env":{"A":"1"}}""")]
    [InlineData("""{"env":{"__spread__":"{\"A\":\"1\"}"}}""", """{"env":{"A":"1"}}""")]
    // A literal alone in a resource is its text, not a list that crashes later.
    [InlineData("""{"resources":[{"type":"S3","url":"%%ops.a.results.one%%","target":"/d"}]}""", """{"resources":[{"type":"S3","url":"x","target":"/d"}]}""")]
    public void Resolve_OfficialFault_IsNotCopied(string args, string expected) => AssertResolves(args, expected);

    [Theory]
    [InlineData("""{"cmd":["x","%%global.variables.EMPTY%%"]}""", "$input.ops[0].args.cmd[1]", "Unresolved literal: \"%%global.variables.EMPTY%%\" (key=\"variables.EMPTY\")")]
    [InlineData("""{"cmd":["%%ops.zz.host%%"]}""", "$input.ops[0].args.cmd[0]", "Unresolved literal: \"%%ops.zz.host%%\" (opId=\"zz\", path=\"host\")")]
    [InlineData("""{"env":{"A-B":"%%ops.a.results.x%%"}}""", "$input.ops[0].args.env[\"A-B\"]", "Unresolved literal")]
    [InlineData("""{"cmd":["%%ops.a.results.many.2%%"]}""", "$input.ops[0].args.cmd[0]", "Unresolved literal")]
    [InlineData("""{"cmd":["%%global.jobb%%"]}""", "$input.ops[0].args.cmd[0]", "Unresolved literal")]
    [InlineData("""{"expose":{"__spread__":"%%ops.a.results.arr%%"}}""", "$input.ops[0].args.expose.__spread__", "__spread__ must be a JSON object")]
    [InlineData("""{"env":{"__spread__":"%%ops.a.results.one%%"}}""", "$input.ops[0].args.env.__spread__", "__spread__ is not valid JSON")]
    [InlineData("""{"env":{"__pairs__":"%%ops.a.results.obj%%"}}""", "$input.ops[0].args.env.__pairs__", "__pairs__ must be a JSON array")]
    public void Resolve_Unresolvable_FailsWithPlaceAndReason(string args, string path, string message)
    {
        PlaceholderException fault = Assert.Throws<PlaceholderException>(() => PlaceholderResolver.Resolve(TestDefinitions.UncheckedOp(args), Scope));

        Assert.Equal(path, fault.Path);
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_ValueThatLooksLikeALiteral_IsNotResolvedAgain()
    {
        PlaceholderScope scope = Scope with { Variables = new Dictionary<string, string> { ["V"] = "%%global.job%%" } };

        JsonObject resolved = PlaceholderResolver.Resolve(TestDefinitions.UncheckedOp("""{"cmd":["%%global.variables.V%%"]}"""), scope);

        Assert.Equal("%%global.job%%", resolved["cmd"]![0]!.GetValue<string>());
    }

    private static void AssertResolves(string args, string expected)
    {
        JsonObject resolved = PlaceholderResolver.Resolve(TestDefinitions.UncheckedOp(args), Scope);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), resolved), resolved.ToJsonString());
    }
}
