using System.Text;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Reading;

namespace Nosana.JobDefinition.Tests.Reading;

public class DefinitionReaderTests
{
    [Fact]
    public void Read_WholeModel_IsTyped()
    {
        Definition definition = TestDefinitions.Parse("""
            {"version":"0.1","type":"container","deployment_id":"d","ssh":{"public_keys":["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me","ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f again"]},
             "meta":{"trigger":"cli","system_requirements":{"vram_total_mb":8192,"required_vram":"6","required_cuda":["12.8",12.9,null]}},
             "global":{"image":"i","gpu":true,"entrypoint":"sh","env":{"A":"\u00e9"},"work_dir":"/w","variables":{"M":"m"}},
             "logistics":{"send":{"type":"api","args":{"endpoint":"https://h/%%global.job%%/%%global.job%%"}},"receive":{"type":"api-listen","args":{}}},
             "ops":[{"type":"container/create-volume","id":"v","args":{"name":"data"}},
                    {"type":"container/run","id":"r","args":{"image":"busybox"},"results":{"n":"x","m":{"regex":"y","logType":["stderr"]}},
                     "execution":{"group":"g","depends_on":[],"stop_if_dependent_stops":true,"timeout":1.5}}]}
            """);

        Assert.Equal(("0.1", "d", "cli"), (definition.Version, definition.DeploymentId, definition.Meta!.Trigger));
        Assert.Equal("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me", Assert.Single(definition.Ssh!.PublicKeys).ToString());
        Assert.Equal((8192d, 6d), (definition.Meta.Requirements.VramTotalMb, definition.Meta.Requirements.RequiredVramGb));
        Assert.Equal(["12.8", "12.9"], definition.Meta.Requirements.RequiredCuda);
        Assert.Equal(("i", true, "/w"), (definition.Global!.Image, definition.Global.Gpu, definition.Global.WorkDir));
        Assert.Equal(["sh"], definition.Global.Entrypoint!);
        Assert.Equal("é", definition.Global.Env["A"]);
        Assert.Equal("m", definition.Global.Variables["M"]);
        Assert.Equal("https://h/JOB/%%global.job%%", definition.Logistics!.Send!.EndpointFor("JOB"));
        Assert.Equal(new LogisticsRoute(LogisticsType.ApiListen, null), definition.Logistics.Receive);
        Assert.True(definition.AwaitsDefinition);

        Operation volume = definition.Ops[0], run = definition.Ops[1];
        Assert.Equal((OperationType.ContainerCreateVolume, "v", "v", 0), (volume.Type, volume.Id, volume.GroupName, volume.Index));
        Assert.Equal((OperationType.ContainerRun, "g", 1), (run.Type, run.GroupName, run.Index));
        Assert.Equal("busybox", run.Args.Element.GetProperty("image").GetString());
        Assert.Equal(new ResultPattern("n", "x", null), run.Results[0]);
        Assert.Equal(("m", "y", "stderr"), (run.Results[1].Name, run.Results[1].Regex, Assert.Single(run.Results[1].LogTypes!)));
        Assert.Equal((true, 1.5), (run.Execution.StopIfDependentStops, run.Execution.TimeoutSeconds));
        Assert.Same(run, definition.FindOp("r"));
    }

    [Theory]
    [InlineData("""{"vram_total_mb":"much","required_vram":-1,"required_cuda":{}}""")]
    [InlineData("\"8 GB\"")]
    [InlineData("[]")]
    public void Read_RequirementsOfAnotherForm_CountAsAbsent(string requirements)
    {
        Definition definition = TestDefinitions.WithOps("", $",\"meta\":{{\"system_requirements\":{requirements}}}");

        SystemRequirements read = definition.Meta!.Requirements;
        Assert.Equal((null, null, 0), (read.VramTotalMb, read.RequiredVramGb, read.RequiredCuda.Count));
    }

    [Theory]
    [InlineData("""{"imge":"x"}""", "$input.ops[0].args", "must be an object with an image")]
    [InlineData("""{"image":"x","helth_checks":[]}""", "$input.ops[0].args.helth_checks", "unknown key 'helth_checks' (known here: image, aliases, cmd")]
    [InlineData("""{"image":"x","entryPoint":"sh"}""", "$input.ops[0].args.entryPoint", "did you mean 'entrypoint'?")]
    [InlineData("""{"image":"x","workdir":"/"}""", "$input.ops[0].args.workdir", "did you mean 'work_dir'?")]
    [InlineData("""{"image":"x","gpu":"true"}""", "$input.ops[0].args.gpu", "must be true or false; found \"true\"")]
    [InlineData("""{"image":"x","expose":"80"}""", "$input.ops[0].args.expose", "a range of ports such as \"8000-8010\"")]
    [InlineData("""{"image":"x","expose":[0]}""", "$input.ops[0].args.expose[0]", "must be a whole number from 1 to 65535; found 0")]
    [InlineData("""{"image":"x","expose":"1-65535"}""", "$input.ops[0].args.expose", "at most 1000 exposed ports")]
    [InlineData("""{"name":"v"}""", "$input.ops[0].args", "since the operation's type is container/run")]
    [InlineData("""{"image":"x","restart_policy":"never"}""", "$input.ops[0].args.restart_policy", "\"unless-stopped\"")]
    public void Read_Fault_SaysWhereWhatAndWhatIsAllowed(string args, string path, string message)
    {
        DefinitionFault fault = Assert.Single(Read($$"""{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"a","args":{{args}}}]}""").Errors);

        Assert.Equal(path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralFaults_ListsAll()
    {
        DefinitionResult result = Read("""{"version":1,"type":"docker","meta":"x","ops":[{"type":"container/run","id":"a","args":{"image":1,"cmd":[1,2]},"x":1}],"z":1}""");

        Assert.Equal(
            ["$input.type", "$input.version", "$input.meta", "$input.ops[0].args.image", "$input.ops[0].args.cmd[0]", "$input.ops[0].args.cmd[1]", "$input.ops[0].x", "$input.z"],
            result.Errors.Select(e => e.Path));
    }

    [Fact]
    public void Read_SecretOfTheWrongType_IsNotRepeated()
    {
        DefinitionFault fault = Assert.Single(Read("""{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"a","args":{"image":"i","authentication":{"docker":{"password":8151623}}}}]}""").Errors);

        Assert.Equal("a number", fault.Found);
        Assert.DoesNotContain("8151623", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_KeyTwice_TheLastCounts()
    {
        Definition definition = TestDefinitions.Parse("""{"version":"0.2","version":"0.1","type":"container","ops":[1],"\u006fps":[{"type":"container/run","id":"a","id":"b","args":{"image":"x","env":{"K":"1","K":"2"},"image":"y"}}]}""");

        Assert.Equal("b", Assert.Single(definition.Ops).Id);
        Assert.Equal("{\"image\":\"y\",\"env\":{\"K\":\"2\"}}", definition.Ops[0].Args.ToNode().ToJsonString());
    }

    [Theory]
    [InlineData("", "$input", "line 1, column 1")]
    [InlineData("{\"version\":\"0.1\",\n \"ops\":[{\"id\":}]}", "$input.ops[0]", "line 2, column 15")]
    [InlineData("{} x", "$input", "line 1, column 4")]
    public void Read_NoJson_SaysLineAndColumn(string json, string path, string place)
    {
        DefinitionFault fault = Assert.Single(Read(json).Errors);

        Assert.Equal(path, fault.Path);
        Assert.StartsWith(place, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoUtf8_SaysLineColumnAndByte()
    {
        byte[] bytes = [.. "{\n \"version\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        Assert.Equal("line 2, column 13: byte 0xC3 is not UTF-8", Assert.Single(DefinitionReader.Read(bytes).Errors).Message);
    }

    [Fact]
    public void Read_ByteOrderMark_IsSkipped() =>
        Assert.True(DefinitionReader.Read((byte[])[0xEF, 0xBB, 0xBF, .. """{"version":"0.1","type":"container","ops":[]}"""u8]).IsValid);

    [Fact]
    public void Read_TooLarge_IsRefusedUnread() =>
        Assert.Contains("at most 1048576", Assert.Single(DefinitionReader.Read(new byte[DefinitionLimits.MaxBytes + 1]).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_MoreFaultsThanAreListed_SaysHowMany()
    {
        string words = string.Join(',', Enumerable.Repeat("1", 5000));
        DefinitionResult result = Read("""{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"a","args":{"image":"i","cmd":[""" + words + "]}}]}");

        Assert.Equal(DefinitionLimits.MaxFaults + 1, result.Errors.Count);
        Assert.Equal("4000 more faults are not listed", result.Errors[^1].Message);
    }

    [Fact]
    public void Read_TenThousandOperations_IsRefusedWithin100MiB()
    {
        string ops = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $$"""{"id":"op{{i}}","type":"container/run","args":{"cmd":["date"],"gpu":true,"image":"ubuntu"} }"""));
        byte[] json = Encoding.UTF8.GetBytes($$"""{"version":"0.1","type":"container","ops":[{{ops}}]}""");

        long before = GC.GetAllocatedBytesForCurrentThread();
        DefinitionResult result = DefinitionReader.Read(json);

        DefinitionFault fault = Assert.Single(result.Errors);
        Assert.Equal(("$input.ops", "10000 operations", "must be a list of at most 256 operations; found 10000 operations"), (fault.Path, fault.Found, fault.Message));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 1024 * 1024);
    }

    [Fact]
    public void Read_AsManyOperationsAsThereMayBe_IsValid()
    {
        string ops = string.Join(',', Enumerable.Range(0, DefinitionLimits.MaxOperations).Select(i => $$"""{"id":"{{i}}","type":"container/create-volume","args":{"name":"v"} }"""));
        Assert.True(Read($$"""{"version":"0.1","type":"container","ops":[{{ops}}]}""").IsValid);
    }

    private static DefinitionResult Read(string json) => DefinitionReader.Read(Encoding.UTF8.GetBytes(json));
}
