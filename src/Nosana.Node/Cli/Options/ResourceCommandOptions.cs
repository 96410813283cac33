using System.CommandLine;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Hosting;

namespace Nosana.Node.Cli.Options;

/// <summary>Options of how remote resources are fetched and kept.</summary>
internal sealed class ResourceCommandOptions
{
    private readonly Option<string[]> _mirrors = new("--mirror")
    {
        Description = "PREFIX=URL: fetch resources whose address begins with PREFIX from URL, which may lie in this host's own network; repeatable (https://huggingface.co and https://registry.ollama.ai are prefixes too)",
    };

    private readonly Option<double?> _cache = new("--resource-cache-gb") { Description = "most that fetched resources take on the engine's disk, in GiB; all but a reserve of 5 GiB when absent" };

    public void AddTo(Command command)
    {
        command.Options.Add(_mirrors);
        command.Options.Add(_cache);
    }

    /// <param name="parse">The command line.</param>
    /// <param name="directory">For downloads that are under way.</param>
    /// <param name="labels">See <see cref="ResourceOptions.Labels"/>.</param>
    /// <exception cref="CommandException">A value is none.</exception>
    public ResourceOptions Read(ParseResult parse, string directory, IReadOnlyDictionary<string, string> labels)
    {
        double? cache = parse.GetValue(_cache);
        if (cache is <= 0 or > 1e9) throw new CommandException($"--resource-cache-gb {cache} is not possible. Give the GiB that resources may take.", ExitCodes.Refused);
        return new ResourceOptions
        {
            StagingDirectory = directory,
            Labels = labels,
            Mirrors = [.. (parse.GetValue(_mirrors) ?? []).Select(Mirror)],
            CacheBytes = cache is { } gibibytes ? (long)(gibibytes * (1L << 30)) : null,
        };
    }

    private static Mirror Mirror(string text)
    {
        try
        {
            return Engine.Resources.Mirror.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new CommandException($"--mirror {exception.Message}", ExitCodes.Refused, exception);
        }
    }
}
