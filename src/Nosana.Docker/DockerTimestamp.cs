using System.Globalization;
using System.Text;

namespace Nosana.Docker;

/// <summary>A moment as the engine writes it: RFC 3339 with up to nine decimals, finer than <see cref="DateTimeOffset"/> can hold.</summary>
/// <param name="UnixNanoseconds">Nanoseconds since 1970 UTC; between the years 1678 and 2262.</param>
public readonly record struct DockerTimestamp(long UnixNanoseconds)
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int NanosecondsPerTick = 100;
    private const int SecondsLength = 19; // yyyy-MM-ddTHH:mm:ss

    public static DockerTimestamp FromDateTimeOffset(DateTimeOffset value) => new((value - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick);

    /// <summary>The same moment, rounded down to 100 ns.</summary>
    public DateTimeOffset ToDateTimeOffset() =>
        DateTimeOffset.UnixEpoch.AddTicks((UnixNanoseconds - Modulo(UnixNanoseconds, NanosecondsPerTick)) / NanosecondsPerTick);

    /// <summary>The form of Since and Until in queries: seconds, a dot and nine decimals.</summary>
    public string ToEngineString()
    {
        long nanoseconds = Modulo(UnixNanoseconds, NanosecondsPerSecond);
        return string.Create(CultureInfo.InvariantCulture, $"{(UnixNanoseconds - nanoseconds) / NanosecondsPerSecond}.{nanoseconds:D9}");
    }

    /// <summary>
    /// Reads a whole text such as <see cref="global::Docker.DotNet.Models.State.StartedAt"/>; false for anything else, and for Go's zero time of year 1.
    /// </summary>
    public static bool TryParse(string? text, out DockerTimestamp value)
    {
        value = default;
        if (string.IsNullOrEmpty(text) || text.Length > 64) return false;
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = Encoding.UTF8.GetBytes(text, bytes);
        return TryParse(bytes[..length], out value, out int consumed) && consumed == length;
    }

    /// <summary>Reads a time at the beginning of <paramref name="text"/>; <paramref name="consumed"/> is its length in bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DockerTimestamp value, out int consumed)
    {
        value = default;
        consumed = 0;
        if (text.Length <= SecondsLength || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return false;
        if (!TryDigits(text, 0, 4, out int year) || !TryDigits(text, 5, 2, out int month) || !TryDigits(text, 8, 2, out int day)
            || !TryDigits(text, 11, 2, out int hour) || !TryDigits(text, 14, 2, out int minute) || !TryDigits(text, 17, 2, out int second)) return false;
        if (year is < 1678 or > 2261 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (hour > 23 || minute > 59 || second > 60) return false;

        int at = SecondsLength;
        long nanoseconds = 0;
        if (text[at] == '.')
        {
            int digits = 0;
            for (at++; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
            {
                if (++digits > 9) return false;
                nanoseconds = nanoseconds * 10 + (text[at] - '0');
            }
            if (digits == 0) return false;
            for (; digits < 9; digits++) nanoseconds *= 10;
        }

        if (!TryOffset(text, ref at, out long offsetSeconds)) return false;
        long days = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks / TimeSpan.TicksPerDay - DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerDay;
        long seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offsetSeconds;
        value = new DockerTimestamp(seconds * NanosecondsPerSecond + nanoseconds);
        consumed = at;
        return true;
    }

    /// <summary>RFC 3339 in UTC with nine decimals, as in the engine's logs.</summary>
    public override string ToString()
    {
        long nanoseconds = Modulo(UnixNanoseconds, NanosecondsPerSecond);
        return string.Create(CultureInfo.InvariantCulture, $"{ToDateTimeOffset():yyyy-MM-dd'T'HH:mm:ss}.{nanoseconds:D9}Z");
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, ref int at, out long seconds)
    {
        seconds = 0;
        if (at >= text.Length) return false;
        byte sign = text[at];
        if (sign == 'Z')
        {
            at++;
            return true;
        }
        if (sign is not ((byte)'+' or (byte)'-') || text.Length < at + 6 || text[at + 3] != ':') return false;
        if (!TryDigits(text, at + 1, 2, out int hours) || !TryDigits(text, at + 4, 2, out int minutes)) return false;
        seconds = (hours * 3_600L + minutes * 60L) * (sign == '-' ? -1 : 1);
        at += 6;
        return true;
    }

    private static long Modulo(long value, long divisor) => ((value % divisor) + divisor) % divisor;

    private static bool TryDigits(ReadOnlySpan<byte> text, int start, int count, out int value)
    {
        value = 0;
        foreach (byte digit in text.Slice(start, count))
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            value = value * 10 + (digit - '0');
        }
        return true;
    }
}
