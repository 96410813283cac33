using Nosana.JobDefinition.Faults;

namespace Nosana.Node.Hosting.Settings;

/// <summary>A setting as it counts.</summary>
/// <param name="Texts">What was written; empty when nobody gave it.</param>
/// <param name="Origin">Name and place as they were written; null for the default.</param>
internal sealed record SettingValue(Setting Setting, IReadOnlyList<string> Texts, string? Origin)
{
    /// <summary>For people: a secret says only that it is there.</summary>
    public string? Shown => Texts.Count == 0 ? null : string.Join(", ", Texts.Select(Setting.Shown).Distinct());
}

/// <summary>The places that settings are read from.</summary>
/// <param name="Flags">Of the command line.</param>
/// <param name="Environment">Every variable.</param>
/// <param name="DefaultFile">The file that is read when neither names one.</param>
internal sealed record SettingsSources(IReadOnlyList<GivenFlag> Flags, IReadOnlyDictionary<string, string> Environment, string DefaultFile);

/// <summary>
/// The settings of this run, out of the file, the environment and the command line, each before the one after it. Every value was checked
/// when this exists.
/// </summary>
internal sealed class NodeSettings
{
    private readonly Dictionary<string, SettingValue> _values;

    private NodeSettings(SettingsSources sources, Dictionary<string, SettingValue> values, IConfiguration bound)
    {
        Sources = sources;
        _values = values;
        Network = bound.Get<NetworkChoice>() ?? new NetworkChoice();
        Engine = bound.Get<EngineChoice>() ?? new EngineChoice();
        Host = bound.Get<HostChoice>() ?? new HostChoice();
        Log = bound.Get<LogChoice>() ?? new LogChoice();
    }

    /// <summary>Where they came from, to read them there again.</summary>
    public SettingsSources Sources { get; }

    public NetworkChoice Network { get; }

    public EngineChoice Engine { get; }

    public HostChoice Host { get; }

    public LogChoice Log { get; }

    /// <summary>Every setting of the table, in its order.</summary>
    public IEnumerable<SettingValue> Values => SettingsTable.All.Select(setting => _values[setting.Key]);

    /// <summary>The key file, given or not.</summary>
    public string KeyFile => Host.Key ?? Path.Combine(ProcessEnvironment.Home, ".nosana", "nosana_key.json");

    /// <summary>Where journal and logs lie.</summary>
    public string StateDirectory => Host.State ?? Path.Combine(ProcessEnvironment.Home, ".nosana", "node");

    /// <summary>The name of a setting as its author wrote it, for a fault that shows later; its flag when it was not given.</summary>
    public string NameOf(string key) => _values[key].Origin ?? _values[key].Setting.Flag ?? _values[key].Setting.Variable;

    /// <param name="flags">Of the command line.</param>
    /// <param name="environment">Every variable; null is the process's own.</param>
    /// <param name="defaultFile">The file that is read when none is named.</param>
    /// <exception cref="CommandException">Something cannot be used; the message says all of it, each with its name and place.</exception>
    public static NodeSettings Load(
        IEnumerable<GivenFlag> flags, IReadOnlyDictionary<string, string>? environment = null, string defaultFile = SettingsTable.DefaultFile) =>
        Load(new SettingsSources([.. flags], environment ?? ProcessEnvironment.Variables(), defaultFile));

    /// <exception cref="CommandException">As above.</exception>
    public static NodeSettings Load(SettingsSources sources)
    {
        List<string> faults = [];
        SettingsLayer line = OfFlags([.. sources.Flags]), variables = OfEnvironment(sources.Environment, faults);
        SettingsLayer? naming = new[] { line, variables }.FirstOrDefault(layer => layer.TextsOf(SettingsTable.Config).Count > 0);
        SettingsLayer file = SettingsFile.Read(naming?.TextsOf(SettingsTable.Config)[0] ?? sources.DefaultFile, naming?.NameOf(SettingsTable.Config), faults);

        IConfigurationRoot root = new ConfigurationBuilder().Add(file).Add(variables).Add(line).Build();
        SettingsLayer[] highestFirst = [.. root.Providers.OfType<SettingsLayer>().Reverse()];
        var values = new Dictionary<string, SettingValue>(StringComparer.Ordinal);
        var bound = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (Setting setting in SettingsTable.All)
        {
            // A list is that of one place: the places' lists are not mixed.
            SettingsLayer? layer = highestFirst.FirstOrDefault(layer => layer.TextsOf(setting).Count > 0);
            if (layer is not null && IsReplaced(setting, layer, highestFirst)) layer = null;
            values[setting.Key] = new SettingValue(setting, layer?.TextsOf(setting) ?? [], layer?.NameOf(setting));
            if (layer is not null) Check(setting, layer, bound, faults);
        }
        if (faults.Count == 1) throw new CommandException(faults[0], ExitCodes.Refused);
        if (faults.Count > 1)
            throw new CommandException("these settings cannot be used:", [.. faults.Select(fault => $"  - {fault}")], ExitCodes.Refused);
        return new NodeSettings(sources, values, new ConfigurationBuilder().AddInMemoryCollection(bound).Build());
    }

    private static void Check(Setting setting, SettingsLayer layer, Dictionary<string, string?> bound, List<string> faults)
    {
        IReadOnlyList<string> texts = layer.TextsOf(setting);
        for (int i = 0; i < texts.Count; i++)
        {
            (string? value, string? fault) = setting.Type.Read(texts[i]);
            string name = layer.NameOf(setting);
            if (fault is not null) faults.Add(setting.IsSecret ? $"{name} {fault}" : $"{name} '{setting.Shown(texts[i])}' {fault}");
            else bound[setting.Type.IsList ? ConfigurationPath.Combine(setting.Key, $"{i}") : setting.Key] = value;
        }
    }

    /// <summary>Whether the other way of saying the same stands in a higher place; in the same place the file counts, not what it would hold.</summary>
    private static bool IsReplaced(Setting setting, SettingsLayer layer, SettingsLayer[] highestFirst)
    {
        int place = Array.IndexOf(highestFirst, layer);
        if (setting.InsteadOf is { } first) return PlaceOf(SettingsTable.Of(first)) is { } its && its <= place;
        return SettingsTable.All.FirstOrDefault(other => other.InsteadOf == setting.Key) is { } second && PlaceOf(second) is { } higher && higher < place;

        int? PlaceOf(Setting other) => Array.FindIndex(highestFirst, candidate => candidate.TextsOf(other).Count > 0) is >= 0 and var index ? index : null;
    }

    private static SettingsLayer OfFlags(GivenFlag[] flags)
    {
        var layer = new SettingsLayer(setting => flags.Last(flag => flag.Setting == setting).Written);
        foreach (GivenFlag flag in flags) layer.Give(flag.Setting, flag.Texts);
        return layer;
    }

    private static SettingsLayer OfEnvironment(IReadOnlyDictionary<string, string> environment, List<string> faults)
    {
        var layer = new SettingsLayer(setting => setting.Variable);
        foreach (Setting setting in SettingsTable.All)
            if (environment.TryGetValue(setting.Variable, out string? text)) layer.Give(setting, setting.Type.IsList ? text.Split(',') : [text]);

        // Without what all begin with, so that the nearest name is near by what tells them apart.
        Dictionary<string, string> known =
            SettingsTable.All.ToDictionary(setting => WithoutPrefix(setting.Variable), setting => setting.Variable, StringComparer.Ordinal);
        faults.AddRange(environment
            .Where(variable => variable.Value.Length > 0 && variable.Key.StartsWith(Setting.VariablePrefix, StringComparison.Ordinal))
            .Select(variable => variable.Key)
            .Where(name => !known.ContainsValue(name) && !SettingsTable.ReservedVariables.Any(reserved => name.StartsWith(reserved, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(name => $"there is no setting {name}, which the environment has{Hint(NearestKey.Find(WithoutPrefix(name), known.Keys))}"));
        return layer;

        string Hint(string? nearest) => nearest is null ? "." : $" - did you mean {known[nearest]}?";
    }

    private static string WithoutPrefix(string variable) =>
        variable.StartsWith(Setting.VariablePrefix, StringComparison.Ordinal) ? variable[Setting.VariablePrefix.Length..] : variable;
}
