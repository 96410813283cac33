namespace Nosana.Node.Hosting.Settings;

/// <summary>The settings of one place - the file, the environment, the command line - as its author wrote them.</summary>
/// <param name="nameOf">How the author wrote a setting's name: <c>NOSANA_LINE</c>, <c>--line</c>, <c>/etc/nosana-node/config.json: line</c>.</param>
internal sealed class SettingsLayer(Func<Setting, string> nameOf) : ConfigurationProvider, IConfigurationSource
{
    public string NameOf(Setting setting) => nameOf(setting);

    /// <summary>Gives a setting; texts that are empty count as not given.</summary>
    public void Give(Setting setting, IEnumerable<string?> texts)
    {
        int index = 0;
        foreach (string text in texts.Select(text => text?.Trim()).OfType<string>().Where(text => text.Length > 0))
            Set(setting.Type.IsList ? ConfigurationPath.Combine(setting.Key, $"{index++}") : setting.Key, text);
    }

    /// <summary>What was given; empty when nothing was.</summary>
    public IReadOnlyList<string> TextsOf(Setting setting)
    {
        if (!setting.Type.IsList) return TryGet(setting.Key, out string? text) && text is not null ? [text] : [];
        List<string> texts = [];
        while (TryGet(ConfigurationPath.Combine(setting.Key, $"{texts.Count}"), out string? next) && next is not null) texts.Add(next);
        return texts;
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
}
