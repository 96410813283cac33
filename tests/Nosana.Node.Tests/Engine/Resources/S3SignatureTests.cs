using Nosana.JobDefinition.Model;
using Nosana.Node.Engine.Resources;

namespace Nosana.Node.Tests.Engine.Resources;

public sealed class S3SignatureTests
{
    /// <summary>The example of Amazon's documentation, "Authenticating Requests: Using Query Parameters".</summary>
    [Fact]
    public void Sign_AmazonsExample_HasAmazonsSignature()
    {
        var iam = new S3Credentials("us-east-1", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

        Uri signed = S3Signature.Sign(HttpMethod.Get, new Uri("https://examplebucket.s3.amazonaws.com/test.txt"), new Dictionary<string, string>(), iam, "us-east-1",
            new DateTimeOffset(2013, 5, 24, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(1));

        Assert.Equal("https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
            + "&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404", signed.AbsoluteUri);
    }
}
