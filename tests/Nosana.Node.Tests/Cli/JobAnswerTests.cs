using Nosana.Node.Cli;
using Nosana.Node.Posting;
using Nosana.Programs.Accounts;

namespace Nosana.Node.Tests.Cli;

public sealed class JobAnswerTests
{
    private static readonly FoundJob s_job = new(default, new JobAccount(), Run: null);

    [Fact]
    public void ExitCode_EveryEnd_IsToldApart()
    {
        Assert.Equal([0, 1, 3, 4, 1], Enum.GetValues<JobEndKind>().Select(kind => JobAnswer.ExitCode(new JobEnd(kind, []))));
    }

    [Fact]
    public void Sentence_ABadEnd_SaysWhy()
    {
        Assert.Null(JobAnswer.Sentence(s_job, new JobEnd(JobEndKind.Completed, [])));
        foreach (JobEndKind kind in Enum.GetValues<JobEndKind>().Where(kind => kind != JobEndKind.Completed))
            Assert.EndsWith(": why; and more", JobAnswer.Sentence(s_job, new JobEnd(kind, ["why", "and more"])), StringComparison.Ordinal);
    }
}
