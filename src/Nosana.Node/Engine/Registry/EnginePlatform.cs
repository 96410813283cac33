using Docker.DotNet.Models;

namespace Nosana.Node.Engine.Registry;

/// <summary>What an engine runs, in the names of images (Go's GOOS and GOARCH).</summary>
/// <param name="System">For example <c>linux</c>.</param>
/// <param name="Architectures">With their variants, the best first: a processor runs what its forerunners ran.</param>
internal sealed record EnginePlatform(string System, IReadOnlyList<(string Architecture, string? Variant)> Architectures)
{
    public static EnginePlatform Of(SystemInfoResponse engine) => new(string.IsNullOrEmpty(engine.OSType) ? "linux" : engine.OSType, engine.Architecture switch
    {
        "x86_64" or "amd64" or "" or null => [("amd64", null), ("386", null)],
        "aarch64" or "arm64" => [("arm64", null), ("arm", "v8"), ("arm", "v7"), ("arm", "v6"), ("arm", "v5")],
        "armv7l" => [("arm", "v7"), ("arm", "v6"), ("arm", "v5")],
        "i686" or "i386" => [("386", null)],
        var other => [(other, null)],
    });

    /// <summary>The best of those that this engine runs; null when it runs none.</summary>
    public T? Best<T>(IEnumerable<(T Value, string System, string Architecture, string? Variant)> candidates) where T : class
    {
        var all = candidates.ToList();
        foreach ((string architecture, string? variant) in Architectures)
        {
            // Variants of 64-bit processors say what more a program wants (amd64/v3); the plain one is for all.
            T? found = all.Where(one => one.System == System && one.Architecture == architecture && (variant is null || one.Variant == variant))
                .OrderBy(one => one.Variant is null or "" or "v8" ? 0 : 1).Select(one => one.Value).FirstOrDefault();
            if (found is not null) return found;
        }
        return null;
    }

    /// <summary>Whether it runs what a configuration is for. One that says nothing is taken at its word.</summary>
    public bool Runs(string? system, string? architecture) =>
        (string.IsNullOrEmpty(system) || system == System)
        && (string.IsNullOrEmpty(architecture) || Architectures.Any(own => own.Architecture == architecture));

    public override string ToString() => $"{System}/{Architectures[0].Architecture}";
}
