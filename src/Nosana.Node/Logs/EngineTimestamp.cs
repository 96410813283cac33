using System.Buffers.Text;
using System.Globalization;

namespace Nosana.Node.Logs;

/// <summary>The RFC 3339 times with nanoseconds that engines write before log lines; .NET's own types stop at 100 ns.</summary>
internal static class EngineTimestamp
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int SecondsLength = 19;

    /// <summary>Longest form an engine writes: nine digits of a second and a numeric offset.</summary>
    public const int MaxLength = 35;

    public static long FromDateTimeOffset(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;

    /// <summary>The value of the engine's <c>since</c> parameter: seconds, a point, nine digits.</summary>
    public static string ToSince(long nanoseconds)
    {
        (long seconds, long nanos) = Split(nanoseconds);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}.{nanos:D9}");
    }

    public static string Format(long nanoseconds)
    {
        (long seconds, long nanos) = Split(nanoseconds);
        DateTime time = DateTime.UnixEpoch.AddSeconds(seconds);
        return string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ss}.{nanos:D9}Z");
    }

    /// <summary>Reads <c>2026-01-02T03:04:05[.1-9 digits](Z|+hh:mm)</c>; the whole span must be the time.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length <= SecondsLength || text.Length > MaxLength
            || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
            return false;
        if (!TryDigits(text[..4], out int year) || !TryDigits(text[5..7], out int month) || !TryDigits(text[8..10], out int day)
            || !TryDigits(text[11..13], out int hour) || !TryDigits(text[14..16], out int minute) || !TryDigits(text[17..19], out int second))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        text = text[SecondsLength..];
        long fraction = 0;
        if (text[0] == '.')
        {
            int digits = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (digits is < 1 or > 9 || !TryDigits(text.Slice(1, digits), out int value)) return false;
            fraction = value;
            for (int i = digits; i < 9; i++) fraction *= 10;
            text = text[(digits + 1)..];
        }
        if (!TryOffset(text, out int offsetMinutes)) return false;
        var time = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc);
        long seconds = (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond - offsetMinutes * 60L;
        if (seconds is < 0 or >= long.MaxValue / NanosecondsPerSecond) return false;
        nanoseconds = seconds * NanosecondsPerSecond + fraction;
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1) return text[0] == 'Z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':'
            || !TryDigits(text[1..3], out int hour) || !TryDigits(text[4..6], out int minute))
            return false;
        minutes = (hour * 60 + minute) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        if (text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            value = 0;
            return false;
        }
        return Utf8Parser.TryParse(text, out value, out int used) && used == text.Length;
    }

    private static (long Seconds, long Nanoseconds) Split(long nanoseconds)
    {
        long seconds = Math.DivRem(nanoseconds, NanosecondsPerSecond, out long rest);
        return rest < 0 ? (seconds - 1, rest + NanosecondsPerSecond) : (seconds, rest);
    }
}
