using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;

namespace Nosana.Node.Tests.Engine.Images;

public sealed class OwnNamesTests
{
    [Theory]
    [InlineData("ubuntu")]
    [InlineData("127.0.0.1:5000/a/b:1")]
    [InlineData("ghcr.io/a/b@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public void Of_AnyReference_IsALegalNameOfOurs(string reference)
    {
        var image = ImageReference.Parse(reference);
        var name = ImageReference.Parse(OwnNames.Of(image));
        Assert.True(OwnNames.Has(name));
        Assert.Equal(OwnNames.Of(image), name.Canonical);
        Assert.Equal($"nosana-node/{image.Path}", name.Path);
    }

    [Fact]
    public void Of_LongestPath_IsLegal() => Assert.True(OwnNames.Has(ImageReference.Parse(OwnNames.Of(ImageReference.Parse($"a/{new string('b', 240)}")))));

    [Fact]
    public void Of_ReferencesAndAccounts_AreToldApart()
    {
        var first = new RegistryCredentials("u", "p");
        string[] names =
        [
            .. new[] { "a/b:1", "a/b:2", "ghcr.io/a/b:1" }.Select(text => ImageReference.Parse(text))
                .SelectMany(image => new[] { OwnNames.Of(image), OwnNames.Of(image, first), OwnNames.Of(image, first with { Password = "q" }) }),
        ];
        Assert.Equal(names.Length, names.Distinct().Count());
    }
}
