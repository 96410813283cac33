using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Nosana.Programs.Money;

/// <summary>Texts of amounts: integers of base units on one side, decimal numbers for people on the other. No floating point between them.</summary>
public static class Amount
{
    public const int NosDecimals = ProgramAddresses.NosDecimals;

    /// <summary>1 SOL = 1,000,000,000 lamports.</summary>
    public const int SolDecimals = 9;

    /// <summary>"0.000043" of 43 micro-NOS; no thousands separators, no trailing zeros.</summary>
    public static string FormatNos(UInt128 microNos) => Format(microNos, NosDecimals);

    public static string FormatSol(ulong lamports) => Format(lamports, SolDecimals);

    /// <summary>Reads "12.5" as micro-NOS; false for signs, exponents, too many decimals or too large a number.</summary>
    public static bool TryParseNos([NotNullWhen(true)] string? text, out ulong microNos) => TryParse(text, NosDecimals, out microNos);

    public static bool TryParseSol([NotNullWhen(true)] string? text, out ulong lamports) => TryParse(text, SolDecimals, out lamports);

    private static string Format(UInt128 units, int decimals)
    {
        string digits = units.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        string fraction = digits[^decimals..].TrimEnd('0');
        return fraction.Length == 0 ? digits[..^decimals] : $"{digits[..^decimals]}.{fraction}";
    }

    private static bool TryParse(string? text, int decimals, out ulong units)
    {
        units = 0;
        if (string.IsNullOrEmpty(text)) return false;
        int point = text.IndexOf('.', StringComparison.Ordinal);
        string whole = point < 0 ? text : text[..point];
        string fraction = point < 0 ? "" : text[(point + 1)..];
        if (whole.Length == 0 || fraction.Length > decimals || (point >= 0 && fraction.Length == 0)) return false;
        return ulong.TryParse(whole + fraction.PadRight(decimals, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out units);
    }
}
