using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Nosana.Gpu;

/// <summary>A version of CUDA, such as 12.4. The driver's says the newest toolkit whose programs it runs.</summary>
public readonly record struct CudaVersion(int Major, int Minor) : IComparable<CudaVersion>
{
    /// <summary>From the driver's number: 1000 x major + 10 x minor (cuda.h, <c>CUDA_VERSION</c>).</summary>
    public static CudaVersion FromNumber(int number) => new(number / 1000, number % 1000 / 10);

    /// <summary>Reads <c>12.4</c>, <c>12</c> (as 12.0) and <c>12.4.1</c> (the patch level is left out: it never decides about a driver).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CudaVersion version)
    {
        version = default;
        string[] parts = (text ?? "").Trim().Split('.');
        if (parts.Length > 3) return false;
        Span<int> numbers = stackalloc int[3];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return false;
        }
        version = new CudaVersion(numbers[0], numbers[1]);
        return true;
    }

    public int CompareTo(CudaVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    public static bool operator <(CudaVersion left, CudaVersion right) => left.CompareTo(right) < 0;

    public static bool operator <=(CudaVersion left, CudaVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >(CudaVersion left, CudaVersion right) => left.CompareTo(right) > 0;

    public static bool operator >=(CudaVersion left, CudaVersion right) => left.CompareTo(right) >= 0;
}
