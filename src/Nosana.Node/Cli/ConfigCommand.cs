using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;

namespace Nosana.Node.Cli;

/// <summary><c>config show</c>: every setting with its value and where that comes from.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var command = new Command("config", "look at the settings");
        command.Subcommands.Add(Show());
        return command;
    }

    private static Command Show()
    {
        var answer = new CommandOutput();
        var show = new Command("show", "print every setting: its value, and what gave it; of a secret only whether it is set");
        show.AddSettings([.. Enum.GetValues<SettingGroup>().Where(group => group != SettingGroup.Every)]);
        answer.AddTo(show);
        show.SetAction((parse, cancel) => NodeCommand.GuardAsync(() =>
        {
            NodeSettings settings = parse.ReadSettings();
            NetworkSettings network = NetworkSettings.Of(settings);
            answer.WriteRows(parse, new JsonArray([.. settings.Values.Select(value => Describe(value, settings, network))]), "There is no setting.");
            return Task.FromResult(ExitCodes.Success);
        }, cancel));
        return show;
    }

    /// <summary>A setting as it counts: as it was given, else as network and user have it, else in words what becomes of it.</summary>
    internal static JsonNode Describe(SettingValue value, NodeSettings settings, NetworkSettings network)
    {
        Setting setting = value.Setting;
        string? shown = value.Shown ?? (setting.IsSecret ? "not set" : null);
        string? origin = value.Origin ?? (setting.Default is null ? null : $"default: {setting.Default}");
        string ofNetwork = settings.Network.Localnet is { } file ? $"{settings.NameOf("localnet")} {file}" : $"default of {network.Name}";
        if (value.Origin is null && OfNetwork(setting.Key, network) is { } its)
            (shown, origin) = (setting.Shown(its), ofNetwork);
        else if (value.Origin is null && Concrete(setting.Key, settings) is { } concrete)
            (shown, origin) = (concrete, "default");
        return new JsonObject { ["setting"] = setting.Key, ["value"] = shown, ["origin"] = origin };
    }

    private static string? OfNetwork(string key, NetworkSettings network) => key switch
    {
        "network" => network.Name,
        "rpc" => string.Join(", ", network.Rpc),
        "rpcRate" => network.RpcRate?.ToString(CultureInfo.InvariantCulture),
        "ws" => network.WebSocket?.ToString(),
        "ipfsApi" => network.IpfsApi.ToString(),
        "ipfsGateway" => string.Join(", ", network.IpfsGateways),
        "hostManager" => network.HostManager?.ToString(),
        "market" => network.DefaultMarket,
        _ => null,
    };

    private static string? Concrete(string key, NodeSettings settings) => key switch
    {
        "key" => settings.KeyFile,
        "state" => settings.StateDirectory,
        "docker" => settings.Engine.Docker.ToString(),
        "exposePort" => settings.Host.ExposePort.ToString(CultureInfo.InvariantCulture),
        "logFormat" => settings.Log.LogFormat,
        _ => null,
    };
}
