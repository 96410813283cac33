using System.CommandLine;
using System.Globalization;
using System.Net;
using Nosana.Node.Hosting.Settings;

namespace Nosana.Node.Cli.Options;

/// <summary>Options of one verb alone, with the types of settings: what is out of range is refused with the parser's other errors.</summary>
internal static class CheckedOption
{
    /// <param name="name">With its dashes.</param>
    /// <param name="type">A whole number.</param>
    /// <param name="description">For help.</param>
    public static Option<int?> Number(string name, SettingType type, string description) => new(name)
    {
        Description = description,
        HelpName = type.Placeholder,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            SettingReading reading = type.Read(text);
            if (reading.Fault is { } fault) result.AddError($"{name} '{text}' {fault}");
            return reading.Value is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : null;
        },
    };

    /// <summary>An IP address.</summary>
    public static Option<IPAddress?> Address(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (IPAddress.TryParse(text, out IPAddress? address)) return address;
            result.AddError($"{name} '{text}' is not an IP address. Write one of this machine's, such as 172.17.0.1.");
            return null;
        },
    };
}
