using System.Formats.Tar;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>At the disk, where the engine keeps what a container writes outside of its layer. The control is a budget that is large enough.</summary>
public sealed class DiskAttackTests : AttackClass
{
    private const string VolumeImage = "nosana-test/volume:1";

    private readonly string _directory = Directory.CreateTempSubdirectory("nosana-attack-").FullName;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Volume_ThatTheImageAsksFor_CountsForTheBudget()
    {
        using (MemoryStream files = BusyboxFiles()) await Tenant.Client.ImportImageAsync("nosana-test/volume", "1", files, ["VOLUME /vol"], Token);
        await AssertEndedAsync("/vol/file", VolumeImage, []);
        // They go with their containers.
        Assert.DoesNotContain(await Tenant.Client.ListVolumesAsync(new VolumesListParameters(), Token), volume => volume.Name.Length == 64);
    }

    [Theory]
    [InlineData("/etc/hosts")]
    [InlineData("/etc/resolv.conf")]
    [InlineData("/etc/hostname")]
    public Task Files_ThatTheEngineMounts_CountForTheBudget(string file) => AssertEndedAsync(file, Definitions.Image, []);

    [Fact]
    public async Task Resource_WithACopyToWrite_CountsForTheBudget()
    {
        await using S3Server s3 = await S3Server.StartAsync();
        await s3.PutAsync("x/file", "small"u8.ToArray());
        var resources = new JsonObject
        {
            ["resources"] = new JsonArray(new JsonObject { ["type"] = "S3", ["url"] = "https://models.nosana.io/x", ["target"] = "/data", ["allowWrite"] = true }),
        };
        await AssertEndedAsync("/data/large", Definitions.Image, resources, "--mirror", $"https://models.nosana.io={s3.Address}/{S3Server.Bucket}", "--cache", "attack");
    }

    private static MemoryStream BusyboxFiles()
    {
        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            tar.WriteEntry("/bin/busybox", "bin/busybox");
            foreach (string applet in (string[])["sh", "dd", "sleep"]) tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
        }
        archive.Position = 0;
        return archive;
    }

    private async Task AssertEndedAsync(string file, string image, JsonObject arguments, params string[] options)
    {
        string fill = $"dd if=/dev/zero of={file} bs=1M count=64 && i=0 && while [ $i -lt 20 ]; do sleep 1; i=$((i+1)); done; echo all of it";
        JsonNode definition = JsonNode.Parse(Definitions.Shell(fill, arguments))!;
        definition["ops"]![0]!["args"]!["image"] = image;
        (int code, string text) = await RunAsync(definition, ["--disk", "32m", .. options]);
        Assert.NotEqual(0, code);
        Assert.Contains("more than its budget of 33554432 bytes", text, StringComparison.Ordinal);
        Assert.DoesNotContain("all of it\\n", text, StringComparison.Ordinal);
        (code, text) = await RunAsync(definition, ["--disk", "1g", .. options]);
        Assert.True(code == 0, text);
        Assert.Contains("all of it\\n", text, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Text)> RunAsync(JsonNode definition, params string[] options)
    {
        string file = Path.Combine(_directory, $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, definition.ToJsonString(), Token);
        (int code, _, string text) = await NodeProcess.RunAsync(_directory, ["run", file, "--docker", $"unix://{Tenant.Socket}", "--no-admission", .. options]);
        return (code, text);
    }
}
