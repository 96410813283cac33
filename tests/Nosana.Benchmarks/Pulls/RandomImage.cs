using Nosana.Benchmarks.Engine;

namespace Nosana.Benchmarks.Pulls;

/// <summary>An image of layers that cannot be compressed, in the registry and not on the engine.</summary>
internal static class RandomImage
{
    /// <returns>Its reference.</returns>
    public static async Task<string> PushAsync(BenchEngine engine, int mebibytes, int layers)
    {
        string reference = $"{BenchEngine.Registry}/bench/random:{Guid.NewGuid():N}";
        DirectoryInfo context = Directory.CreateTempSubdirectory("nosana-bench-image-");
        try
        {
            string recipe = "FROM scratch\n" + string.Concat(Enumerable.Range(0, layers).Select(layer => $"COPY {layer} /{layer}\n"));
            await File.WriteAllTextAsync(Path.Combine(context.FullName, "Dockerfile"), recipe);
            for (int layer = 0; layer < layers; layer++)
                await engine.ShellAsync("head -c \"$1\" /dev/urandom > \"$2\"", $"{mebibytes / layers}M", Path.Combine(context.FullName, $"{layer}"));
            await engine.ShellAsync("DOCKER_BUILDKIT=0 docker build --quiet --tag \"$1\" \"$2\" >/dev/null 2>&1 && docker push --quiet \"$1\" >/dev/null && docker rmi \"$1\" >/dev/null", reference, context.FullName);
        }
        finally
        {
            context.Delete(recursive: true);
        }
        return reference;
    }
}
