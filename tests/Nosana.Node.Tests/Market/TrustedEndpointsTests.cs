using Nosana.Node.Market.Confidential;

namespace Nosana.Node.Tests.Market;

public sealed class TrustedEndpointsTests
{
    [Theory]
    [InlineData("http://10.0.0.1:3001/api/jobs/x", true)]
    [InlineData("http://10.0.0.1:3001/api", true)]
    [InlineData("http://10.0.0.1:3001/apix", false)]
    [InlineData("http://10.0.0.1:3001/api/../admin", false)]
    [InlineData("http://10.0.0.1:3001/api/%2e%2e/admin", false)]
    [InlineData("http://10.0.0.1:3002/api/x", false)]
    [InlineData("https://10.0.0.1:3001/api/x", false)]
    [InlineData("http://10.0.0.1:3001@evil.example/api/x", false)]
    public void Have_AtOrBelowWhatTheOperatorNamed_Alone(string endpoint, bool isTrusted) =>
        Assert.Equal(isTrusted, new TrustedEndpoints([new Uri("http://10.0.0.1:3001/api")]).Have(new Uri(endpoint)));
}
