using System.Globalization;
using System.Text.Json;
using Nosana.Programs.Accounts;
using Nosana.Programs.Tests.Golden;

namespace Nosana.Programs.Tests.Accounts;

/// <summary>Account images that the official client encoded: each field is read as it was given, and our bytes equal theirs.</summary>
public sealed class GoldenAccountTests
{
    public static TheoryData<int> Indexes => new(Enumerable.Range(0, GoldenFile.Kit.GetProperty("accounts").GetArrayLength()));

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Decode_ImageOfTheOfficialClient_HasItsFields(int index)
    {
        JsonElement image = GoldenFile.Kit.GetProperty("accounts")[index];
        JsonElement fields = image.GetProperty("fields");
        byte[] bytes = Convert.FromBase64String(image.Text("base64"));
        switch (image.Text("type"))
        {
            case "MarketAccount":
                MarketAccount market = MarketAccount.Decode(bytes);
                Assert.Equal(fields.Text("authority"), market.Authority.Key);
                Assert.Equal(fields.Text("jobExpiration"), Text(market.JobExpiration));
                Assert.Equal(fields.Text("jobPrice"), Text(market.JobPrice));
                Assert.Equal(fields.Text("jobTimeout"), Text(market.JobTimeout));
                Assert.Equal(fields.GetProperty("jobType").GetByte(), (byte)market.JobType);
                Assert.Equal(fields.Text("vault"), market.Vault.Key);
                Assert.Equal(fields.GetProperty("vaultBump").GetByte(), market.VaultBump);
                Assert.Equal(fields.Text("nodeAccessKey"), market.NodeAccessKey.Key);
                Assert.Equal(fields.Text("nodeXnosMinimum"), Text(market.NodeXnosMinimum));
                Assert.Equal(fields.GetProperty("queueType").GetByte(), (byte)market.QueueType);
                Assert.Equal(fields.GetProperty("queue").EnumerateArray().Select(e => e.GetString()), market.Queue.Select(k => k.Key));
                Assert.Equal(bytes, market.Encode());
                break;
            case "JobAccount":
                JobAccount job = JobAccount.Decode(bytes);
                Assert.Equal(fields.Text("ipfsJob"), job.IpfsJob.Hex());
                Assert.Equal(Digest(fields.GetProperty("ipfsResult")), job.IpfsResult.Hex());
                Assert.Equal(fields.Text("market"), job.Market.Key);
                Assert.Equal(fields.Text("node"), job.Node.Key);
                Assert.Equal(fields.Text("payer"), job.Payer.Key);
                Assert.Equal(fields.Text("price"), Text(job.Price));
                Assert.Equal(fields.Text("project"), job.Project.Key);
                Assert.Equal(fields.GetProperty("state").GetByte(), (byte)job.State);
                Assert.Equal(fields.Text("timeEnd"), Text(job.TimeEnd));
                Assert.Equal(fields.Text("timeStart"), Text(job.TimeStart));
                Assert.Equal(fields.Text("timeout"), Text(job.Timeout));
                Assert.Equal(bytes, job.Encode());
                break;
            default:
                Assert.Equal("RunAccount", image.Text("type"));
                RunAccount run = RunAccount.Decode(bytes);
                Assert.Equal(fields.Text("job"), run.Job.Key);
                Assert.Equal(fields.Text("node"), run.Node.Key);
                Assert.Equal(fields.Text("payer"), run.Payer.Key);
                Assert.Equal(fields.GetProperty("state").GetByte(), run.State);
                Assert.Equal(fields.Text("time"), Text(run.Time));
                Assert.Equal(bytes, run.Encode());
                break;
        }
    }

    private static string Text<T>(T number) where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Digest(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : value.GetProperty("data").EnumerateArray().Select(e => e.GetByte()).ToArray().Hex();
}
