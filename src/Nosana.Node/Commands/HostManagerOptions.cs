using System.CommandLine;

namespace Nosana.Node.Commands;

/// <summary>The option that names the host manager.</summary>
internal sealed class HostManagerOptions
{
    private const string None = "none";

    private readonly Option<string?> _hostManager = new("--host-manager")
    {
        Description = "URL of the network's host manager, or 'none' (NOSANA_HOST_MANAGER; default: the network's own, on an embedded network the one of its info file)",
    };

    public void AddTo(Command command) => command.Options.Add(_hostManager);

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
