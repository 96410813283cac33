using System.CommandLine;
using System.CommandLine.Parsing;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli.Options;

/// <summary>A setting as an option: its name, help and values are those of the table. What is written is judged with all the other settings.</summary>
internal interface ISettingOption
{
    Setting Setting { get; }
}

/// <typeparam name="T">A text, several, or yes and no.</typeparam>
internal sealed class SettingOption<T> : Option<T>, ISettingOption
{
    public SettingOption(Setting setting) : base(setting.Flag!, [.. setting.Aliases])
    {
        Setting = setting;
        Description = setting.HelpText;
        if (!setting.Type.IsSwitch) HelpName = setting.Type.Placeholder;
    }

    public Setting Setting { get; }
}

internal static class CommandSettings
{
    /// <summary>Gives a verb the settings of these groups, and the one that names their file.</summary>
    public static void AddSettings(this Command command, params SettingGroup[] groups)
    {
        foreach (Setting setting in SettingsTable.All.Where(setting => setting.Group == SettingGroup.File || groups.Contains(setting.Group)))
            if (setting.Flag is not null && command.Options.All(option => option.Name != setting.Flag)) command.Options.Add(OptionOf(setting));
    }

    /// <summary>Gives a verb the settings of <c>start</c>, all of them.</summary>
    public static void AddSettingsOfHost(this Command command) => command.AddSettings(
        SettingGroup.Network, SettingGroup.Wallet, SettingGroup.State, SettingGroup.Engine, SettingGroup.Resources, SettingGroup.Host, SettingGroup.Log);

    /// <summary>Gives every verb below the root the settings that all have.</summary>
    public static void AddSettingsOfAll(this RootCommand root)
    {
        foreach (Setting setting in SettingsTable.All.Where(setting => setting.Group == SettingGroup.Every))
        {
            Option option = OptionOf(setting);
            option.Recursive = true;
            root.Options.Add(option);
        }
    }

    /// <summary>The settings with what the command line says.</summary>
    /// <exception cref="CommandException">Something cannot be used.</exception>
    public static NodeSettings ReadSettings(this ParseResult parse) => NodeSettings.Load(parse.GivenFlags());

    /// <summary>Settings that the command line gives.</summary>
    public static IReadOnlyList<GivenFlag> GivenFlags(this ParseResult parse)
    {
        List<GivenFlag> flags = [];
        for (CommandResult? command = parse.CommandResult; command is not null; command = command.Parent as CommandResult)
        {
            foreach (Option option in command.Command.Options)
            {
                if (option is not ISettingOption { Setting: var setting } || parse.GetResult(option) is not { Implicit: false } given) continue;
                string[] texts = option is Option<bool> ? [given.GetValueOrDefault<bool>() ? "true" : "false"] : [.. given.Tokens.Select(token => token.Value)];
                flags.Add(new GivenFlag(setting, given.IdentifierToken?.Value ?? setting.Flag!, texts));
            }
        }
        return flags;
    }

    /// <summary>The network that the settings name.</summary>
    /// <exception cref="CommandException">A setting cannot be used.</exception>
    public static NetworkSettings ReadNetwork(this ParseResult parse) => NetworkSettings.Of(parse.ReadSettings());

    /// <summary>The key of an existing file. Warnings go to standard error.</summary>
    public static Account LoadKey(this ParseResult parse)
    {
        LoadedKey loaded = KeyFile.Load(parse.ReadSettings().KeyFile);
        if (loaded.Warning is { } warning) Terminal.WriteError(warning);
        return loaded.Account;
    }

    private static Option OptionOf(Setting setting) =>
        setting.Type.IsSwitch ? new SettingOption<bool>(setting)
        : setting.Type.IsList ? new SettingOption<string[]>(setting)
        : new SettingOption<string>(setting);
}
