using System.Text.Json;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Exposure;

/// <summary>The ports of an operation as far as they are known before its placeholders are resolved.</summary>
public static class Endpoints
{
    /// <summary>
    /// Ports written as numbers, ranges (expanded) and objects, in order; placeholders and spreads are left out.
    /// Empty for an operation that exposes nothing yet. Numbers that are no port are left out too.
    /// </summary>
    public static IReadOnlyList<ExposedPort> StaticPorts(Operation op) => throw new NotImplementedException();
}
