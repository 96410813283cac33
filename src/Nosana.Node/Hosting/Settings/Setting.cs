using System.Text;

namespace Nosana.Node.Hosting.Settings;

/// <summary>
/// One setting and how it is written in each place. Its flag and its variable follow from its key: <c>rpcRate</c> of the file is
/// <c>--rpc-rate</c> and <c>NOSANA_RPC_RATE</c>.
/// </summary>
/// <param name="Key">In the settings file, and the name of its property in the options classes.</param>
/// <param name="Group">Which verbs have it.</param>
/// <param name="Type">What may be written.</param>
/// <param name="Help">What it is, with its unit.</param>
internal sealed record Setting(string Key, SettingGroup Group, SettingType Type, string Help)
{
    public const string VariablePrefix = "NOSANA_";

    /// <summary>Other names of the flag.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What it is when nobody gives it, for people; null for nothing.</summary>
    public string? Default { get; init; }

    /// <summary>Never printed, and not taken from the command line, which every user of the machine can read.</summary>
    public bool IsSecret { get; init; }

    /// <summary>A URL whose path or query may hold a provider's key: only the host is printed.</summary>
    public bool HidesPath { get; init; }

    /// <summary>A setting that says the same in another way: of the two the one of the higher place counts, at the same place the other one.</summary>
    public string? InsteadOf { get; init; }

    /// <summary>Whether the settings file may have it; all but the name of that file.</summary>
    public bool IsInFile { get; init; } = true;

    /// <summary>Null for a secret.</summary>
    public string? Flag => IsSecret ? null : "--" + Words('-').ToLowerInvariant();

    public string Variable { get => field ?? VariablePrefix + Words('_').ToUpperInvariant(); init; }

    /// <summary>The description for <c>--help</c>.</summary>
    public string HelpText => $"{Help} ({Variable}{(Default is null ? "" : $"; default {Default}")})";

    /// <summary>A value as people may see it.</summary>
    public string Shown(string text)
    {
        if (IsSecret) return "set";
        // By its signs, not as a URL: what is shown may be one that cannot be read. Of PREFIX=URL it is the URL.
        int scheme = HidesPath ? text.IndexOf("://", StringComparison.Ordinal) : text.LastIndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 && !HidesPath) return text;
        int start = scheme < 0 ? 0 : scheme + 3, end = text.IndexOfAny(['/', '?', '#'], start);
        if (end < 0) end = text.Length;
        string authority = text[start..end], rest = text[end..];
        int user = authority.LastIndexOf('@');
        string site = text[..start] + (user < 0 ? authority : $"...{authority[user..]}");
        if (rest is "" or "/") return site + rest;
        int query = rest.IndexOf('?', StringComparison.Ordinal);
        return HidesPath ? $"{site}/..." : query < 0 ? site + rest : $"{site}{rest[..query]}?...";
    }

    private string Words(char separator)
    {
        var words = new StringBuilder();
        foreach (char letter in Key)
        {
            if (char.IsUpper(letter)) words.Append(separator);
            words.Append(letter);
        }
        return words.ToString();
    }
}

/// <summary>Settings that the same verbs have.</summary>
internal enum SettingGroup
{
    /// <summary>The file of the settings itself; every verb that has any.</summary>
    File,

    /// <summary>Which network, and how it is reached.</summary>
    Network,

    /// <summary>Whose key.</summary>
    Wallet,

    /// <summary>Where a host remembers.</summary>
    State,

    /// <summary>The container engine, and what of it a job may use.</summary>
    Engine,

    /// <summary>Remote resources of jobs.</summary>
    Resources,

    /// <summary>What a host alone has.</summary>
    Host,

    /// <summary>How the log is written.</summary>
    Log,

    /// <summary>Every verb, whatever it does.</summary>
    Every,
}
