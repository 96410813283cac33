using System.Diagnostics;
using System.Formats.Tar;
using Nosana.Docker;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Exposure;

/// <summary>An image of one file, the server of <c>web.c</c>, compiled when it is asked for.</summary>
internal static class WebImage
{
    /// <summary>Of no registry: it is used when it is on the engine.</summary>
    public const string Name = "localhost/nosana-test-web:1";

    /// <summary>The server's port.</summary>
    public const int Port = 8080;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Puts it on an engine.</summary>
    public static async Task AddAsync(EngineClient engine)
    {
        string program = Path.Combine(Directory.CreateTempSubdirectory("nosana-web-").FullName, "web");
        string source = Path.Combine(RepositoryFiles.Root, "tests", "Nosana.EndToEnd.Tests", "Exposure", "web.c");
        var start = new ProcessStartInfo("gcc", ["-static", "-O1", "-Wall", "-Werror", "-o", program, source]) { RedirectStandardError = true };
        using (Process gcc = Process.Start(start)!)
        {
            string errors = await gcc.StandardError.ReadToEndAsync(Token);
            await gcc.WaitForExitAsync(Token);
            if (gcc.ExitCode != 0) throw new InvalidOperationException($"gcc could not compile {source}:\n{errors}");
        }
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            await tar.WriteEntryAsync(program, "web", Token);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, "tmp/") { Mode = (UnixFileMode)0b1_111_111_111 }, Token);
        }
        archive.Position = 0;
        Directory.Delete(Path.GetDirectoryName(program)!, recursive: true);
        await engine.ImportImageAsync(Name[..Name.LastIndexOf(':')], "1", archive, ["ENTRYPOINT [\"/web\"]", $"CMD [\"{Port}\"]"], Token);
    }
}
