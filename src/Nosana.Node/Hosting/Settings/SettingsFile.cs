using System.Globalization;
using System.Text.Json;
using Nosana.JobDefinition.Faults;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Nosana.Node.Hosting.Settings;

/// <summary>The settings file: one JSON object or YAML mapping of keys and values.</summary>
internal static class SettingsFile
{
    /// <param name="path">The file.</param>
    /// <param name="namedBy">What named it, for a file that is missing; null for the default one, which need not be there.</param>
    /// <param name="faults">Takes what is wrong with it.</param>
    public static SettingsLayer Read(string path, string? namedBy, List<string> faults)
    {
        var layer = new SettingsLayer(setting => $"{path}: {setting.Key}");
        if (namedBy is null && !File.Exists(path)) return layer;
        try
        {
            foreach (var given in Pairs(path).GroupBy(pair => pair.Key.Split(':')[0], StringComparer.OrdinalIgnoreCase))
                Give(layer, path, given.Key, [.. given], faults);
            Setting? secret = SettingsTable.All.FirstOrDefault(setting => setting.IsSecret && layer.TextsOf(setting).Count > 0);
            if (secret is not null && (File.GetUnixFileMode(path) & UnixFileMode.OtherRead) != 0)
                faults.Add($"{path} holds {secret.Key} and every user of this machine can read it. Do 'chmod o-r {path}'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{namedBy ?? "The settings file"} '{path}' cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is FormatException or JsonException or YamlException or InvalidDataException)
        {
            faults.Add($"{path} cannot be understood: {(e.InnerException ?? e).Message}");
        }
        return layer;
    }

    private static void Give(SettingsLayer layer, string path, string key, KeyValuePair<string, string?>[] pairs, List<string> faults)
    {
        Setting[] known = [.. SettingsTable.All.Where(setting => setting.IsInFile)];
        if (known.FirstOrDefault(setting => setting.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) is not { } setting)
        {
            faults.Add($"{path}: there is no setting '{key}'{NearestKey.Hint(key, known.Select(setting => setting.Key))}");
            return;
        }
        KeyValuePair<string, string?>[] parts = [.. pairs.Where(pair => pair.Key.Length > key.Length)];
        int? IndexOf(KeyValuePair<string, string?> part) =>
            int.TryParse(part.Key[(key.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : null;
        if (parts.Length > 0 && (!setting.Type.IsList || parts.Any(part => IndexOf(part) is null)))
        {
            faults.Add(setting.Type.IsList ? $"{path}: {setting.Key} must be a text or a list of texts." : $"{path}: {setting.Key} must be a single value.");
            return;
        }
        layer.Give(setting, parts.Length > 0 ? parts.OrderBy(IndexOf).Select(part => part.Value) : [pairs[0].Value]);
    }

    private static List<KeyValuePair<string, string?>> Pairs(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML"
            ? Yaml(file)
            : [.. new ConfigurationBuilder().AddJsonStream(file).Build().AsEnumerable()];
    }

    private static List<KeyValuePair<string, string?>> Yaml(Stream file)
    {
        var documents = new YamlStream();
        documents.Load(new StreamReader(file));
        var pairs = new List<KeyValuePair<string, string?>>();
        foreach (YamlDocument document in documents.Documents)
        {
            if (document.RootNode is not YamlMappingNode mapping) throw new InvalidDataException("it must be a mapping of settings, a line 'key: value' each.");
            Flatten("", mapping, pairs);
        }
        return pairs;
    }

    private static void Flatten(string key, YamlNode node, List<KeyValuePair<string, string?>> pairs)
    {
        string Under(string name) => key.Length == 0 ? name : ConfigurationPath.Combine(key, name);
        switch (node)
        {
            case YamlMappingNode mapping:
                foreach ((YamlNode name, YamlNode value) in mapping.Children) Flatten(Under(name.ToString()), value, pairs);
                break;
            case YamlSequenceNode sequence:
                for (int i = 0; i < sequence.Children.Count; i++) Flatten(Under($"{i}"), sequence.Children[i], pairs);
                break;
            case YamlScalarNode scalar:
                bool isNull = scalar is { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };
                pairs.Add(new KeyValuePair<string, string?>(key, isNull ? null : scalar.Value));
                break;
        }
    }
}
