using System.Formats.Tar;
using Docker.DotNet.Models;
using Nosana.Docker;

namespace Nosana.EndToEnd.Tests.Engine.Images;

/// <summary>Small images of random content, pushed to a registry and taken from the engine again: who wants one has to pull it.</summary>
internal static class TestImages
{
    public const int Bytes = 1 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="client">The engine that makes and pushes it.</param>
    /// <param name="reference">With the registry's address.</param>
    /// <param name="account">At the registry; null for one without.</param>
    public static async Task PushAsync(EngineClient client, string reference, AuthConfig? account = null)
    {
        string[] parts = reference.Split(':');
        using Stream archive = Archive();
        await client.ImportImageAsync(string.Join(':', parts[..^1]), parts[^1], archive, ["CMD [\"/busybox\",\"sleep\",\"600\"]"], Token);
        await client.Library.Images.PushImageAsync(reference, new ImagePushParameters(), account, new Progress<JSONMessage>(), Token);
        await client.DeleteImageAsync(reference, new ImageDeleteParameters(), Token);
    }

    public static async Task<bool> HasAsync(EngineClient client, string reference)
    {
        try
        {
            await client.InspectImageAsync(reference, Token);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
    }

    /// <summary>A static busybox, and bytes that make it unlike any other.</summary>
    private static MemoryStream Archive()
    {
        byte[] content = new byte[Bytes];
        Random.Shared.NextBytes(content);
        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            tar.WriteEntry("/bin/busybox", "busybox");
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "content") { DataStream = new MemoryStream(content) });
        }
        archive.Position = 0;
        return archive;
    }
}
