using System.CommandLine;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;

namespace Nosana.Node.Cli.Options;

/// <summary>The settings that say which network, the same on every verb.</summary>
internal sealed class NetworkOptions
{
    public void AddTo(Command command) => command.AddSettings(SettingGroup.Network);

    /// <exception cref="CommandException">A setting names nothing usable.</exception>
    public NetworkSettings Read(ParseResult parse) => NetworkSettings.Of(parse.ReadSettings());
}
