using System.CommandLine;
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
            answer.WriteRows(parse, new JsonArray([.. parse.ReadSettings().Values.Select(Describe)]), "There is no setting.");
            return Task.FromResult(ExitCodes.Success);
        }, cancel));
        return show;
    }

    internal static JsonNode Describe(SettingValue value) => new JsonObject
    {
        ["setting"] = value.Setting.Key,
        ["value"] = value.Shown ?? (value.Setting.IsSecret ? "not set" : value.Setting.Default),
        ["origin"] = value.Origin ?? (value.Setting.Default is null ? null : "default"),
    };
}
