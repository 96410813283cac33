using System.Text.RegularExpressions;
using Cronos;

namespace Nosana.Deployments.Strategies;

/// <summary>
/// A schedule of five fields: minute, hour, day of the month, month, day of the week. Days of both kinds mean either, as in cron(8); what could never be
/// meant is refused when it is given, not when its time comes.
/// </summary>
public sealed partial class CronSchedule
{
    /// <summary>Every date there is comes again in this time: the 29th of February skips a century's year.</summary>
    private static readonly TimeSpan s_horizon = TimeSpan.FromDays(366 * 8 + 1);

    private readonly CronExpression[] _either;
    private readonly TimeZoneInfo _zone;

    private CronSchedule(CronExpression[] either, TimeZoneInfo zone)
    {
        _either = either;
        _zone = zone;
    }

    /// <param name="expression">Five fields.</param>
    /// <param name="timeZone">IANA's name; null is UTC.</param>
    /// <param name="now">From when on it must have a tick.</param>
    /// <exception cref="FormatException">What is wrong, and what to write.</exception>
    public static CronSchedule Parse(string expression, string? timeZone, DateTimeOffset now)
    {
        string[] fields = expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
            throw new FormatException($"A schedule has five fields (minute, hour, day of month, month, day of week), '{expression}' has {fields.Length}.");
        for (int i = 0; i < fields.Length; i++) Check(fields[i], s_fields[i]);
        var schedule = new CronSchedule([.. Alternatives(fields).Select(Read)], ZoneOf(timeZone));
        if (schedule.Next(now) is null) throw new FormatException($"'{expression}' never happens: no month has such a day.");
        return schedule;

        CronExpression Read(string[] one)
        {
            try
            {
                return CronExpression.Parse(string.Join(' ', one), CronFormat.Standard);
            }
            catch (CronFormatException e)
            {
                throw new FormatException($"'{expression}' is not a schedule: {e.Message}", e);
            }
        }
    }

    /// <summary>The first tick after a time; null when there is none in eight years.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        DateTimeOffset? next = _either.Select(one => one.GetNextOccurrence(after, _zone)).Min();
        return next - after > s_horizon ? null : next?.ToUniversalTime();
    }

    private static readonly (string Name, string[] Words)[] s_fields =
    [
        ("minute", []),
        ("hour", []),
        ("day of month", []),
        ("month", ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
        ("day of week", ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ];

    private static void Check(string text, (string Name, string[] Words) field)
    {
        foreach (string part in text.ToUpperInvariant().Split(','))
        {
            if (Nearest().IsMatch(part)) throw new FormatException($"The {field.Name} '{text}' asks for the nearest weekday (W), which there is not here.");
            if (part.StartsWith('H'))
                throw new FormatException($"The {field.Name} '{text}' asks for a time by chance (H), which there is not here: write the time.");
            Match range = Range().Match(part);
            if (range.Success && Number(range.Groups[1].Value) is { } from && Number(range.Groups[2].Value) is { } to && from > to)
                throw new FormatException($"The {field.Name} '{text}' has a range that ends before it begins: write two, such as 22-23,0-5.");
        }

        // Sunday ends a week as 7, and begins it as 0.
        int? Number(string word) => int.TryParse(word, out int number) ? number
            : Array.IndexOf(field.Words, word) is >= 0 and var index ? index + (field.Words.Length == 12 ? 1 : 0) : null;
    }

    private static IEnumerable<string[]> Alternatives(string[] fields)
    {
        bool isOpen(string field) => field.StartsWith('*') || field == "?";
        if (isOpen(fields[2]) || isOpen(fields[4])) return [fields];
        return [[fields[0], fields[1], fields[2], fields[3], "*"], [fields[0], fields[1], "*", fields[3], fields[4]]];
    }

    private static TimeZoneInfo ZoneOf(string? name)
    {
        if (name is null) return TimeZoneInfo.Utc;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone)
            ? zone
            : throw new FormatException($"'{name}' is not a time zone. Write IANA's name, such as Europe/Amsterdam.");
    }

    [GeneratedRegex(@"^(\d+|L)W$")]
    private static partial Regex Nearest();

    [GeneratedRegex(@"^(\w+)-(\w+)")]
    private static partial Regex Range();
}
