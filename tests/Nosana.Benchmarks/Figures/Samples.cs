namespace Nosana.Benchmarks.Figures;

/// <summary>Measured values of one thing.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public double Median => Quantile(0.5);

    public double Percentile99 => Quantile(0.99);

    public void Add(double value) => _values.Add(value);

    /// <summary>The smallest value that so large a part of all values does not exceed.</summary>
    private double Quantile(double part)
    {
        List<double> sorted = [.. _values.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
