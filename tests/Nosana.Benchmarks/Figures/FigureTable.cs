using System.Globalization;

namespace Nosana.Benchmarks.Figures;

/// <summary>Prints our figure, the peer's, how they compare, and whether the bound holds; remembers whether all did.</summary>
internal sealed class FigureTable
{
    public FigureTable(string title, string peer, string compared)
    {
        Console.WriteLine();
        Print(title, "ours", peer, compared, "bound", "holds");
    }

    /// <summary>Every bound so far holds.</summary>
    public bool Holds { get; private set; } = true;

    /// <summary>A figure that may be at most so much more than the peer's.</summary>
    public void Added(string what, double ours, double peer, double atMost, string unit) =>
        Row(what, Text(ours, unit), Text(peer, unit), Text(ours - peer, unit), $"<= {Text(atMost, unit)}", ours - peer <= atMost);

    /// <summary>A figure whose ratio to the peer's may be at most so much.</summary>
    public void RatioAtMost(string what, double ours, double peer, double atMost, string unit) =>
        Row(what, Text(ours, unit), Text(peer, unit), Text(ours / peer, ""), $"<= {Text(atMost, "")}", ours / peer <= atMost);

    /// <summary>A figure whose ratio to the peer's must be at least so much.</summary>
    public void RatioAtLeast(string what, double ours, double peer, double atLeast, string unit) =>
        Row(what, Text(ours, unit), Text(peer, unit), Text(ours / peer, ""), $">= {Text(atLeast, "")}", ours / peer >= atLeast);

    public void AtMost(string what, double ours, double atMost, string unit) => Row(what, Text(ours, unit), "", "", $"<= {Text(atMost, unit)}", ours <= atMost);

    public void AtLeast(string what, double ours, double atLeast, string unit) => Row(what, Text(ours, unit), "", "", $">= {Text(atLeast, unit)}", ours >= atLeast);

    /// <summary>Something that is so or is not.</summary>
    public void Fact(string what, string ours, bool holds) => Row(what, ours, "", "", "", holds);

    /// <summary>A figure without a bound.</summary>
    public void Note(string what, double ours, double? peer, string unit) =>
        Row(what, Text(ours, unit), peer is { } other ? Text(other, unit) : "", peer is { } compared ? Text(ours - compared, unit) : "", "", null);

    private void Row(string what, string ours, string peer, string compared, string bound, bool? holds)
    {
        Holds &= holds ?? true;
        Print(what, ours, peer, compared, bound, holds switch { null => "", true => "yes", false => "NO" });
    }

    private static void Print(string what, string ours, string peer, string compared, string bound, string holds) =>
        Console.WriteLine($"{what,-52}{ours,14}{peer,14}{compared,13}  {bound,-14}{holds}".TrimEnd());

    private static string Text(double value, string unit) =>
        value.ToString(Math.Abs(value) < 100 && unit != "/s" ? "0.##" : "#,0", CultureInfo.InvariantCulture) + (unit is "" or "/s" ? unit : $" {unit}");
}
