using System.Text;
using Nosana.JobDefinition.Reading;
using Nosana.Node.Gpus;
using Nosana.Node.Jobs.Admission;

namespace Nosana.Node.Tests.Jobs.Admission;

/// <summary>Every rule of a job is asked in one call.</summary>
public sealed class JobAdmissionTests
{
    private static readonly GpuSlotSnapshot NoGpu = GpuSlotSnapshot.None("no driver");

    [Theory]
    [InlineData("MissingSupport", "", ""","trusted_execution_env":true""")]
    [InlineData("NoGpu", "", ""","gpu":true""")]
    [InlineData("NoGpu", "", ""","required_vram":8""")]
    [InlineData("NoGpu", ""","meta":{"trigger":"cli","system_requirements":{"required_vram":8}}""", "")]
    public void Check_JobThatTheSlotCannotRun_IsRefusedByItsRule(string rule, string root, string args)
    {
        AdmissionOutcome.Refused refused = Check(root, args)!;
        Assert.Equal(rule, refused.Cause.ToString());
        Assert.False(refused.ConcernsHost);
        Assert.NotEmpty(refused.Reason);
    }

    [Fact]
    public void Check_JobThatTheSlotCanRun_IsNotRefused() => Assert.Null(Check("", ""));

    private static AdmissionOutcome.Refused? Check(string root, string args)
    {
        string json = $$$"""{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"a","args":{"image":"x"{{{args}}}}}]{{{root}}}}""";
        DefinitionResult read = DefinitionReader.Read(Encoding.UTF8.GetBytes(json));
        Assert.True(read.IsValid, string.Join('\n', read.Errors));
        return JobAdmission.Check(read.Definition, NoGpu);
    }
}
