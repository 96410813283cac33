using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs.Ops;

namespace Nosana.Node.Tests.Jobs.Ops;

public sealed class ListCommandTests
{
    [Theory]
    [InlineData("\"echo one && echo two\"", "echo one && echo two")]
    [InlineData("\"python app.py\"", "python app.py")]
    [InlineData("\"echo größe\"", "echo größe")]
    [InlineData("\"cd /data && ls\"", "cd", "/data", "&&", "ls")]
    [InlineData("\"echo one | wc\"", "echo", "one", "|", "wc")]
    [InlineData("\"export A=1\"", "export", "A=1")]
    [InlineData("\"A=1 serve\"", "A=1", "serve")]
    [InlineData("\"echo \\\"x\\\"\"", "echo \"x\"")]
    public void HintFor_LineForAShell_SaysWhatToWrite(string text, params string[] words)
    {
        string hint = ListCommand.HintFor(With(CommandLine.Exec(words)))!;
        Assert.Contains("a list is not run by a shell", hint, StringComparison.Ordinal);
        Assert.Contains($"\"cmd\": {text},", hint, StringComparison.Ordinal);
        Assert.Contains($"[\"/bin/sh\", \"-c\", {text}]", hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve", "--port", "80")]
    [InlineData("/opt/a=b/serve")]
    [InlineData("echo", "one; two")]
    public void HintFor_ProgramAndArguments_IsNothing(params string[] words) => Assert.Null(ListCommand.HintFor(With(CommandLine.Exec(words))));

    [Fact]
    public void HintFor_WhatIsNoList_IsNothing()
    {
        Assert.Null(ListCommand.HintFor(With(null)));
        Assert.Null(ListCommand.HintFor(With(CommandLine.Exec([]))));
        Assert.Null(ListCommand.HintFor(With(CommandLine.Shell("echo one && echo two"))));
        Assert.Null(ListCommand.HintFor(With(CommandLine.Exec(["echo one && echo two"])) with { Entrypoint = ["/bin/sh", "-c"] }));
    }

    [Fact]
    public void HintFor_LongLine_IsCut() => Assert.InRange(ListCommand.HintFor(With(CommandLine.Exec([new string('x', 100_000) + " y"])))!.Length, 200, 1000);

    private static ContainerRunArgs With(CommandLine? command) => new() { Image = "x", Cmd = command };
}
