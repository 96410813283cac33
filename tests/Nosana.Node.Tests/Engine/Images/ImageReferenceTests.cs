using Nosana.Node.Engine;
using Nosana.Node.Engine.Images;

namespace Nosana.Node.Tests.Engine.Images;

public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("ubuntu", "docker.io/library/ubuntu:latest")]
    [InlineData("ubuntu:24.04", "docker.io/library/ubuntu:24.04")]
    [InlineData("docker.io/ubuntu", "docker.io/library/ubuntu:latest")]
    [InlineData("index.docker.io/library/ubuntu", "docker.io/library/ubuntu:latest")]
    [InlineData("nosana/frpc:v1", "docker.io/nosana/frpc:v1")]
    [InlineData("ghcr.io/a/b/c", "ghcr.io/a/b/c:latest")]
    [InlineData("localhost/x", "localhost/x:latest")]
    [InlineData("localhost:5000/busybox", "localhost:5000/busybox:latest")]
    [InlineData("127.0.0.1:5000/a/b:1", "127.0.0.1:5000/a/b:1")]
    [InlineData("registry.hub.docker.com/nosana/frpc:v1", "registry.hub.docker.com/nosana/frpc:v1")]
    [InlineData("ubuntu@" + Digest, "docker.io/library/ubuntu@" + Digest)]
    [InlineData("ubuntu:24.04@" + Digest, "docker.io/library/ubuntu@" + Digest)]
    [InlineData("a__b/c-d.e", "docker.io/a__b/c-d.e:latest")]
    public void Parse_LegalReference_IsWrittenOut(string text, string expected) => Assert.Equal(expected, ImageReference.Parse(text).Canonical);

    [Theory]
    [InlineData("")]
    [InlineData(" ubuntu")]
    [InlineData("Ubuntu")]
    [InlineData("UPPER/case")]
    [InlineData("a/../b")]
    [InlineData("/ubuntu")]
    [InlineData("ubuntu/")]
    [InlineData("ubuntu:")]
    [InlineData("ubuntu:-x")]
    [InlineData("ubuntu@sha256:12")]
    [InlineData("a:b:c")]
    [InlineData("https://ghcr.io/a/b")]
    [InlineData("ubuntu?tag=x&fromSrc=-")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void Parse_OtherText_IsRefused(string text) =>
        Assert.Equal(EngineFault.InvalidReference, Assert.Throws<EngineException>(() => ImageReference.Parse(text)).Fault);

    [Fact]
    public void Parse_NameOver255Characters_IsRefused() => Assert.Throws<EngineException>(() => ImageReference.Parse(new string('a', 250)));
}
