using System.CommandLine;
using Nosana.Node.Engine.Images;
using Nosana.Node.Hosting;

namespace Nosana.Node.Cli.Options;

/// <summary>The option of how many images are kept.</summary>
internal sealed class ImageCommandOptions
{
    private readonly Option<double?> _cache = new("--image-cache-gb")
    {
        Description = "most that the images pulled for jobs keep on the engine's disk, in GiB; when absent they are removed only where less than 10 GiB are free before a pull",
    };

    public void AddTo(Command command) => command.Options.Add(_cache);

    /// <exception cref="CommandException">The value is none.</exception>
    public ImageCacheOptions Read(ParseResult parse)
    {
        double? cache = parse.GetValue(_cache);
        if (cache is <= 0 or > 1e9 or double.NaN) throw new CommandException($"--image-cache-gb {cache} is not possible. Give the GiB that images may keep.", ExitCodes.Refused);
        return new ImageCacheOptions { CacheBytes = cache is { } gibibytes ? (long)(gibibytes * (1L << 30)) : null };
    }
}
