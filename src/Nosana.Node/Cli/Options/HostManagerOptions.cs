using System.CommandLine;
using System.Globalization;
using Nosana.Node.HostManager;
using Nosana.Node.Hosting;

namespace Nosana.Node.Cli.Options;

/// <summary>The option that names the host manager, and those that tell it what the host does not measure.</summary>
internal sealed class HostManagerOptions
{
    private const string None = "none";

    private readonly Option<string?> _hostManager = new("--host-manager")
    {
        Description = "URL of the network's host manager, or 'none' (NOSANA_HOST_MANAGER; default: the network's own, on an embedded network the one of its info file)",
    };

    private readonly Option<string?> _country = new("--country") { Description = "country of this host in two letters, told to the host manager (NOSANA_COUNTRY)" };

    private readonly Option<string?> _line = new("--line") { Description = "speed of this host's line in Mbit/s as DOWN/UP, told to the host manager (NOSANA_LINE)" };

    public void AddTo(Command command)
    {
        command.Options.Add(_hostManager);
        command.Options.Add(_country);
        command.Options.Add(_line);
    }

    /// <summary>What the operator says of the place; nothing is asked of strangers.</summary>
    /// <exception cref="CommandException">A value is none.</exception>
    public HostSite ReadSite(ParseResult parse)
    {
        string country = (parse.GetValue(_country) ?? Environment.GetEnvironmentVariable("NOSANA_COUNTRY") ?? "").ToUpperInvariant();
        if (country.Length > 0 && (country.Length != 2 || !country.All(char.IsAsciiLetter))) throw new CommandException($"--country '{country}' is no country. Write its two letters (ISO 3166), such as NL.", ExitCodes.Refused);
        string line = parse.GetValue(_line) ?? Environment.GetEnvironmentVariable("NOSANA_LINE") ?? "";
        if (line.Length == 0) return new HostSite(country, 0, 0);
        int[] speeds = [.. line.Split('/').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int speed) ? speed : 0)];
        return speeds is [> 0 and var down, > 0 and var up] ? new HostSite(country, down, up) : throw new CommandException($"--line '{line}' is no speed. Write Mbit/s down and up, such as 940/880.", ExitCodes.Refused);
    }

    /// <summary>The settings with the host manager that was named, if one was.</summary>
    /// <exception cref="CommandException">It is no URL.</exception>
    public NetworkSettings Apply(ParseResult parse, NetworkSettings settings)
    {
        string? text = parse.GetValue(_hostManager) ?? Environment.GetEnvironmentVariable("NOSANA_HOST_MANAGER");
        if (string.IsNullOrEmpty(text)) return settings;
        if (text == None) return settings with { HostManager = null };
        Uri url = NetworkOptions.Url("--host-manager", text);
        // The authorization is good for ever: it crosses no wire in the clear.
        return url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp && url.IsLoopback
            ? settings with { HostManager = url }
            : throw new CommandException($"--host-manager '{text}' must be an https address (http on this machine only).", ExitCodes.Refused);
    }
}
