using Nosana.JobDefinition.Exposure;

namespace Nosana.JobDefinition.Tests.Exposure;

/// <summary>Vectors from the official functions (sdk 0.4.69, @nosana/endpoints 2.1.6).</summary>
public class ExposeIdTests
{
    private const string Job = "9Q1xXJr8m9d3Z7Vw2k4uYtBnSdFgHjKLpQwErTyUiOpA";
    private const string Project = "Fh9s1B2kQ7xWm3NvLz5TgYcRjUeAaXoDqKpHt6iMwEyS";
    private const string DeploymentHash = "3SGDGNEmLHaR3ExF8hG7VBzSiojRV2iVryYo5ZWBjhCFy";

    [Theory]
    [InlineData(0, "8080", Job, "4sLzMQBMa1hTu5TifyHwpreNKjFa3JLZ6jBzMt2z39yQ")]
    [InlineData(1, "8080", Job, "NtSPrmLheFSJ71FxYEN5gW639JoABTzdzgezdsrvQRAT")]
    [InlineData(0, "80", Job, "2DfcofBiJ2PCdmAz6deNCEZuAQKU5ha4QUoDPDsgKZP3")]
    [InlineData(0, "8000-8010", Job, "35aw6kTwuDd7uTQQCCoZcDBUmSHVnvxv85erWar4JGRC")]
    [InlineData(2, "3000", Job, "4BEs5J4B9xe2njWPLgrGaytHLEBDGk6FGJWcvz9C4MBk")]
    [InlineData(0, "9000", "abcdefghijklmnopqrstuvwxyz012345", "2J7QsrmUjuVtLhSs2n5JNrMv9xmb3DjhJ1rz4aqbHThW")]
    [InlineData(0, "1", "11111111111111111111111111111111", "3H7duy8brHKocJfeWw2tGH6b64iL3HYMUbqHjFYbDszN")]
    [InlineData(1, "80", Job, "pgjyZBuX9gkssc2dZYsyiFuxZnDg2A6zB57CyJLm1Jas")]
    [InlineData(1, "81", Job, "NGo4eDP4kitsiH3s1gBp38c8DHXCtSvydRDRbSnWp8Ln")]
    [InlineData(0, "80", "3EwUexRdXedDk2EL72py5FQd9fG2aVR9trD3EqEbGCDu", "5LeohAXS2CsBKEgW7WPp6DcXuWyow4S4AgvddRv3jVEB")]
    [InlineData(0, "8000-8010", "3EwUexRdXedDk2EL72py5FQd9fG2aVR9trD3EqEbGCDu", "5VhY9QvfU4N7GPmwnFjNFmznsTgxCz4YQGAKhY8f6Nvh")]
    public void ForPort_OfficialVector_GivesTheSameName(int opIndex, string port, string job, string expected)
    {
        Assert.Equal(expected, ExposeId.ForPort(opIndex, port, job));
        if (int.TryParse(port, out int number)) Assert.Equal(expected, ExposeId.ForPort(opIndex, number, job));
    }

    [Fact]
    public void DeploymentHash_OfficialVector_GivesTheSame() => Assert.Equal(DeploymentHash, ExposeId.DeploymentHash("dep-1234", Project));

    [Fact]
    public void LocalDeploymentHash_OfficialVector_GivesTheSame() =>
        Assert.Equal("4Cps9wUZqaNFDbdG6QneNfJoaWX1KQfM4oefYrbXUGoEE", ExposeId.LocalDeploymentHash("dep-1234", Project));

    [Theory]
    [InlineData("web", DeploymentHash, "2b2Ac4UKKwzckFphomSoGTAqQx1d1FGKSewaJJ3aVrVo")]
    [InlineData("api", DeploymentHash, "3gz6h3oJB7EYek9GxbxC4KZGAC3xnoxZzUAWFY9zdNMZ")]
    [InlineData("web", "dep-1234", "5LEkSmVW72jHcadouPxVAeYRzxErFQxHxCTGpNcTN66K")]
    [InlineData("web", "4Cps9wUZqaNFDbdG6QneNfJoaWX1KQfM4oefYrbXUGoEE", "3Ks4FJNUUYwUwcs1vEfnr3nbdyFqZqmFwee2wAeYWZAC")]
    public void ForDeployment_OfficialVector_GivesTheSameName(string opId, string hash, string expected) =>
        Assert.Equal(expected, ExposeId.ForDeployment(opId, hash));

    [Theory]
    [InlineData("x", "4HxKByB8vHF8pGdUzn6Bhf2959NQC5abfGSF13o8Ndv39")]
    [InlineData("", "59dsjfscH38cYeXXYogktxf4Cd9ibshE3BHUo6a58hBXm")]
    public void Hash_LongForm_GivesTheSame(string text, string expected) => Assert.Equal(expected, ExposeId.Hash(text, 45));

    [Fact]
    public void ForPrivatePort_EachCall_GivesAnotherNameOf45Characters()
    {
        string first = ExposeId.ForPrivatePort();

        Assert.Equal(45, first.Length);
        Assert.NotEqual(first, ExposeId.ForPrivatePort());
    }
}
