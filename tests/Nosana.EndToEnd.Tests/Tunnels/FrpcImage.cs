using System.Diagnostics;
using System.Formats.Tar;
using Nosana.Docker;

namespace Nosana.EndToEnd.Tests.Tunnels;

/// <summary>The stand-in of the network's image of the tunnel client: this machine's Perl with one script.</summary>
internal static class FrpcImage
{
    public const string Name = "nosana-test/frpc:1";

    private const string Perl = "/usr/bin/perl", Modules = "/usr/lib/x86_64-linux-gnu/perl-base";

    public static async Task MakeAsync(IEngineClient client, CancellationToken cancel)
    {
        using var files = new MemoryStream();
        await using (var tar = new TarWriter(files, leaveOpen: true))
        {
            foreach (string file in (string[])[Perl, .. await LibrariesAsync(cancel), .. Directory.EnumerateFiles(Modules, "*", SearchOption.AllDirectories)])
                await AddAsync(tar, Path.GetFullPath(file), file, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherRead | UnixFileMode.OtherExecute, cancel);
            await AddAsync(tar, Path.Combine(AppContext.BaseDirectory, "Tunnels", "frpc.pl"), "/entrypoint.sh", (UnixFileMode)0b111_101_101, cancel);
        }
        files.Position = 0;
        await client.ImportImageAsync("nosana-test/frpc", "1", files, ["ENTRYPOINT [\"/entrypoint.sh\"]", "VOLUME /data"], cancel);
    }

    private static async Task AddAsync(TarWriter tar, string from, string name, UnixFileMode mode, CancellationToken cancel)
    {
        await using FileStream content = File.OpenRead(from);
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name.TrimStart('/')) { DataStream = content, Mode = mode }, cancel);
    }

    private static async Task<IReadOnlyList<string>> LibrariesAsync(CancellationToken cancel)
    {
        using Process ldd = Process.Start(new ProcessStartInfo("ldd", Perl) { RedirectStandardOutput = true })!;
        string said = await ldd.StandardOutput.ReadToEndAsync(cancel);
        await ldd.WaitForExitAsync(cancel);
        return [.. said.Split('\n').Select(line => line.Split(' ', '\t').FirstOrDefault(word => word.StartsWith('/'))).OfType<string>()];
    }
}
