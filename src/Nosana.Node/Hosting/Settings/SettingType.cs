using System.Globalization;
using System.Net;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Hosting.Settings;

/// <summary>What became of a text.</summary>
/// <param name="Value">As the options classes take it; null when it was refused.</param>
/// <param name="Fault">What is wrong and what to write, to follow name and text: <c>is not a number. Write ...</c></param>
internal readonly record struct SettingReading(string? Value, string? Fault)
{
    public static SettingReading Of(string value) => new(value, null);

    public static SettingReading Refused(string fault) => new(null, fault);
}

/// <summary>What may be written as a setting, and what it then means.</summary>
/// <param name="Placeholder">What stands for it in help: <c>URL</c>.</param>
/// <param name="Read">Reads one text, which is not empty.</param>
internal sealed record SettingType(string Placeholder, Func<string, SettingReading> Read)
{
    private const long Mebibyte = 1L << 20;

    /// <summary>Timers of .NET know no longer time.</summary>
    private const long LongestSeconds = 4_294_967;

    /// <summary>A list: the flag may be repeated, the variable is separated by commas, the file has an array.</summary>
    public bool IsList { get; init; }

    /// <summary>Yes or no: the flag needs no value.</summary>
    public bool IsSwitch { get; init; }

    public static SettingType Switch { get; } = new("", text => text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "1" => SettingReading.Of("true"),
        "FALSE" or "NO" or "0" => SettingReading.Of("false"),
        _ => SettingReading.Refused("is neither true nor false. Write one of the two."),
    })
    { IsSwitch = true };

    public static SettingType Secret { get; } = new("SECRET", SettingReading.Of);

    /// <summary>A path; what it names need not be there yet.</summary>
    public static SettingType Path(string placeholder) => new(placeholder, SettingReading.Of);

    /// <summary>A file with something in it.</summary>
    public static SettingType ReadableFile { get; } = new("FILE", ReadFile);

    public static SettingType Port { get; } = Whole("PORT", 0, 65_535, "is not a port. Write a number from 0 to 65535; 0 takes a free port.");

    /// <summary>A port whose next one is used, too.</summary>
    public static SettingType PairOfPorts { get; } =
        Whole("PORT", 0, 65_534, "is not possible: this port and the next one are used. Write a number from 0 to 65534; 0 takes a free pair.");

    public static SettingType Seconds { get; } =
        Whole("SECONDS", 1, LongestSeconds, $"is not a time. Write whole seconds, from 1 to {LongestSeconds} (49 days).");

    public static SettingType Rate { get; } =
        Decimal("N", 0.01m, 1_000_000m, "is not a rate. Write the requests a second that your RPC provider allows, such as 10.");

    public static SettingType RequestRate { get; } = Decimal("N", 0.01m, 1_000_000m, "is not a rate. Write the requests a second, such as 100.");

    public static SettingType Count { get; } = Whole("N", 1, 1_000_000, "is not a number. Write one from 1 to 1000000.");

    /// <summary>An address of this machine with a port; 0 takes a free one.</summary>
    public static SettingType Address { get; } = new("ADDRESS:PORT", text => text.Contains(':') && IPEndPoint.TryParse(text, out _)
        ? SettingReading.Of(text)
        : SettingReading.Refused("is not an address with a port. Write one of this machine's, such as 0.0.0.0:443 or [::]:443."));

    public static SettingType Cpus { get; } = Decimal("N", 0.01m, 1_000_000m, "is not a number of CPUs. Write one from 0.01 on, such as 7.5.");

    public static SettingType Gibibytes { get; } = Decimal("GIB", 0.001m, 1_000_000_000m, "is not a size in GiB. Write a number from 0.001 on, such as 200.");

    public static SettingType Market { get; } = new("ADDRESS", text => PublicKey.TryParse(text, out _)
        ? SettingReading.Of(text)
        : SettingReading.Refused("is not a Solana address: base58 text of 32 to 44 characters is expected."));

    public static SettingType HttpUrl { get; } = Url("http", "https", "http://127.0.0.1:8899");

    public static SettingType WebSocketUrl { get; } = Url("ws", "wss", "ws://127.0.0.1:8900");

    /// <summary>Where no host manager is wanted.</summary>
    public const string NoHostManager = "none";

    public static SettingType HostManager { get; } = new("URL", ReadHostManager);

    public static SettingType Country { get; } = new("NL", text => text.Length == 2 && text.All(char.IsAsciiLetter)
        ? SettingReading.Of(text.ToUpperInvariant())
        : SettingReading.Refused("is not a country. Write its two letters (ISO 3166), such as NL."));

    public static SettingType Line { get; } = new("DOWN/UP", text => LineSpeed.TryParse(text, out _)
        ? SettingReading.Of(text)
        : SettingReading.Refused("is not a speed. Write Mbit/s down and up, such as 940/880."));

    public static SettingType Engine { get; } = new("ADDRESS", ReadEngine);

    public static SettingType Mirror { get; } = new("PREFIX=URL", ReadMirror);

    public static SettingType IpRange { get; } = new("CIDR", text => IPNetwork.TryParse(text, out _)
        ? SettingReading.Of(text)
        : SettingReading.Refused(
            "is not a range of addresses. Write its first address and the length of its prefix, such as 198.18.7.0/24 or 2001:db8:7::/48."));

    public static SettingType Registry { get; } = new("HOST[:PORT]", text =>
        Uri.TryCreate($"https://{text}", UriKind.Absolute, out Uri? url) && url.Authority.Length > 0 && url.PathAndQuery == "/" && url.UserInfo.Length == 0
            && !text.EndsWith('/')
            ? SettingReading.Of(text)
            : SettingReading.Refused("is not a registry. Write its host as images name it, with a port where it has one, such as registry.example:5000."));

    public SettingType Many => this with { IsList = true };

    /// <summary>One of some words, in any case.</summary>
    public static SettingType Choice(params string[] words) => new(string.Join('|', words),
        text => words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } word
            ? SettingReading.Of(word)
            : SettingReading.Refused($"is not known. Write {string.Join(", ", words[..^1])} or {words[^1]}."));

    /// <summary>Bytes of a number with an optional unit k, m, g or t, each 1024 of the one before.</summary>
    /// <param name="leastMebibytes">The smallest that makes sense.</param>
    public static SettingType Size(long leastMebibytes) => new("SIZE", text =>
    {
        int power = "kmgt".IndexOf(char.ToLowerInvariant(text[^1]), StringComparison.Ordinal);
        string number = power < 0 ? text : text[..^1];
        decimal factor = 1L << (10 * (power + 1));
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) || value > long.MaxValue / factor)
            return SettingReading.Refused("is not a size. Write a number of bytes, or one with k, m, g or t such as 24g.");
        long bytes = (long)(value * factor);
        return bytes >= leastMebibytes * Mebibyte
            ? SettingReading.Of(Text(bytes))
            : SettingReading.Refused($"is too small. Write at least {leastMebibytes}m.");
    });

    private static SettingType Whole(string placeholder, long least, long most, string fault) => new(placeholder, text =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most
            ? SettingReading.Of(Text(number))
            : SettingReading.Refused(fault));

    private static SettingType Decimal(string placeholder, decimal least, decimal most, string fault) => new(placeholder, text =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) && number >= least && number <= most
            ? SettingReading.Of(number.ToString(CultureInfo.InvariantCulture))
            : SettingReading.Refused(fault));

    private static SettingType Url(string plain, string secure, string example) => new("URL", text =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == plain || url.Scheme == secure) && url.Host.Length > 0
            ? SettingReading.Of(text)
            : SettingReading.Refused($"is not a URL of {plain} or {secure}. Write it with its scheme, such as {example}."));

    private static SettingReading ReadHostManager(string text)
    {
        if (text == NoHostManager) return SettingReading.Of(text);
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url)) return SettingReading.Refused($"is not a URL. Write it with https://, or '{NoHostManager}'.");
        // The authorization is good for ever: it crosses no wire in the clear.
        return url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp && url.IsLoopback
            ? SettingReading.Of(text)
            : SettingReading.Refused($"must be an https address (http on this machine only), or '{NoHostManager}'.");
    }

    private static SettingReading ReadEngine(string text)
    {
        if (text.StartsWith('/')) text = "unix://" + text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address)) return NotAnEngine();
        return address.Scheme switch
        {
            "unix" => address.Host.Length == 0 && address.AbsolutePath.Length > 1 ? SettingReading.Of(text) : NotAnEngine(),
            "tcp" => address.Host.Length > 0 && address.Port > 0 ? SettingReading.Of(text) : NotAnEngine(),
            "http" => address.Host.Length > 0 ? SettingReading.Of(text) : NotAnEngine(),
            "ssh" => SettingReading.Refused(
                "goes over SSH, which this agent does not speak. Bring the engine's socket here, for example with "
                + "'ssh -N -L /tmp/engine.sock:/var/run/docker.sock HOST', and write unix:///tmp/engine.sock."),
            _ => NotAnEngine(),
        };
    }

    private static SettingReading NotAnEngine() =>
        SettingReading.Refused("is not an engine's address. Write the path of its socket, unix:///PATH or tcp://HOST:PORT.");

    private static SettingReading ReadMirror(string text)
    {
        try
        {
            Nosana.Node.Engine.Resources.Mirror.Parse(text);
            return SettingReading.Of(text);
        }
        catch (FormatException)
        {
            return SettingReading.Refused("is not a mirror. Write PREFIX=URL, such as s3://bucket=https://mirror.example/bucket.");
        }
    }

    private static SettingReading ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim().Length > 0 ? SettingReading.Of(path) : SettingReading.Refused("is an empty file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return SettingReading.Refused($"cannot be read: {e.Message}");
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Speed of a line in Mbit/s.</summary>
internal readonly record struct LineSpeed(int Down, int Up)
{
    /// <summary>Reads <c>940/880</c>.</summary>
    public static bool TryParse(string text, out LineSpeed speed)
    {
        int[] parts = [.. text.Split('/').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        speed = parts is [> 0 and var down, > 0 and var up] ? new LineSpeed(down, up) : default;
        return speed.Down > 0;
    }
}
