using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Tests.Model;

public class OperationArgsTests
{
    [Fact]
    public void Args_AsWritten_SayWhatNoLiteralCanStandFor()
    {
        OperationArgs args = TestDefinitions.WithArgs(""" "private":true,"gpu":true,"required_vram":8,"expose":80 """).Ops[0].Args;

        Assert.Equal((true, true, 8d, true), (args.IsPrivate, args.WantsGpu, args.RequiredVramGb, args.HasExpose));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""" "private":false,"gpu":false """)]
    [InlineData(""" "private":true,"private":false,"gpu":true,"gpu":false """)]
    public void Args_NothingAsked_SaySo(string members)
    {
        OperationArgs args = TestDefinitions.WithArgs(members).Ops[0].Args;

        Assert.Equal((false, false, null, false), (args.IsPrivate, args.WantsGpu, args.RequiredVramGb, args.HasExpose));
        Assert.Null(args.VolumeName);
    }

    [Fact]
    public void VolumeName_OfAVolume_IsAsWritten()
    {
        Definition definition = TestDefinitions.WithOps("""{"type":"container/create-volume","id":"v","args":{"name":"v%%global.job%%"}}""");

        Assert.Equal("v%%global.job%%", definition.Ops[0].Args.VolumeName);
    }
}
