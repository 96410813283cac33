using System.Text;

namespace Nosana.JobDefinition.Documents;

/// <summary>Ports as numbers, and ranges of them as texts.</summary>
internal static class PortText
{
    public const int Lowest = 1;
    public const int Highest = 65535;

    public static bool IsPort(double number) => number is >= Lowest and <= Highest && number == Math.Floor(number);

    /// <summary><c>8000-8010</c>: two numbers and a dash.</summary>
    public static bool TryRange(string text, out double first, out double last)
    {
        first = last = 0;
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 1 || dash == text.Length - 1) return false;
        foreach (char c in text)
            if (!char.IsAsciiDigit(c) && c != '-') return false;
        if (text.LastIndexOf('-') != dash) return false;
        first = JsonText.ToDouble(Encoding.ASCII.GetBytes(text[..dash]));
        last = JsonText.ToDouble(Encoding.ASCII.GetBytes(text[(dash + 1)..]));
        return true;
    }
}
