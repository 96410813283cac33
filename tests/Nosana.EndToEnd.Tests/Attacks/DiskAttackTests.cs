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
        await AssertEndedAsync("dd if=/dev/zero of=/vol/file bs=1M count=36", VolumeImage, []);
        // They go with their containers.
        Assert.DoesNotContain(await Tenant.Client.ListVolumesAsync(new VolumesListParameters(), Token), volume => volume.Name.Length == 64);
    }

    [Fact]
    public Task Files_ThatTheEngineMounts_CountForTheBudget() => AssertEndedAsync(
        // None of them alone, and no two.
        "for file in /etc/hosts /etc/resolv.conf /etc/hostname; do dd if=/dev/zero of=$file bs=1M count=12 || exit 1; done", Definitions.Image, []);

    [Fact]
    public async Task Resource_WithACopyToWrite_CountsForTheBudget()
    {
        await using S3Server s3 = await S3Server.StartAsync();
        await s3.PutAsync("x/file", "small"u8.ToArray());
        var resources = new JsonObject
        {
            ["resources"] = new JsonArray(new JsonObject { ["type"] = "S3", ["url"] = "https://models.nosana.io/x", ["target"] = "/data", ["allowWrite"] = true }),
        };
        await AssertEndedAsync(
            "dd if=/dev/zero of=/data/large bs=1M count=36", Definitions.Image, resources, "--mirror", $"https://models.nosana.io={s3.Address}/{S3Server.Bucket}");
    }

    internal static MemoryStream BusyboxFiles()
    {
        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            tar.WriteEntry("/bin/busybox", "bin/busybox");
            foreach (string applet in (string[])["sh", "dd", "sleep", "ls", "df", "tail"]) tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
        }
        archive.Position = 0;
        return archive;
    }

    private async Task AssertEndedAsync(string fill, string image, JsonObject arguments, params string[] options)
    {
        JsonNode definition = JsonNode.Parse(Definitions.Shell($"{{ {fill}; }} && sleep 20; echo all of it", arguments))!;
        definition["ops"]![0]!["args"]!["image"] = image;
        Task<(int, string)> guarding = RunAsync(definition, ["--disk", "32m", .. options]), opening = RunAsync(definition, ["--disk", "1g", .. options]);
        (int code, string text) = await guarding;
        Assert.NotEqual(0, code);
        Assert.Contains("more than its budget of 33554432 bytes", text, StringComparison.Ordinal);
        Assert.DoesNotContain("all of it\\n", text, StringComparison.Ordinal);
        (code, text) = await opening;
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
