using System.Net;
using Nosana.Docker;
using Nosana.Node.Engine;

namespace Nosana.Node.Tests.Engine;

public sealed class ReasonTests
{
    [Theory]
    [InlineData("no such image: x", "no such image: x")]
    [InlineData("one\r\n two\t\u001b]52;c;AAAA\u0007 three. ", "one two ]52;c;AAAA three")]
    [InlineData("error parsing HTTP 403 response body: invalid character '<': \"<html>secret</html>\"", "error parsing HTTP 403")]
    [InlineData("right\u202eleft", "right left")]
    public void Of_Words_AreOneCleanLine(string words, string reason) => Assert.Equal(reason, Reason.Of(words));

    [Fact]
    public void Of_LongWords_AreCut() => Assert.Equal($"{new string('x', 400)}…", Reason.Of(new string('x', 100_000)));

    [Fact]
    public void OfPull_NamesOfTheEnginesOwn_AreNotTold()
    {
        var said = new DockerApiException(HttpStatusCode.InternalServerError, "127.0.0.1:1234/nosana-pull/abc@sha256:0 is no good: nosana-pull/abc\nand more");
        EngineException fault = EngineFaultClassifier.OfPull(said, "docker.io/a/b:1", ("127.0.0.1:1234/nosana-pull/abc@sha256:0", "docker.io/a/b:1"), ("nosana-pull/abc", "a/b"));
        Assert.Contains("docker.io/a/b:1 is no good: a/b and more", fault.Message, StringComparison.Ordinal);
    }
}
