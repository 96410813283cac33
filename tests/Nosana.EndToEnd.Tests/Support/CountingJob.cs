using System.Globalization;
using System.Text.Json.Nodes;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>A job that prints numbered lines with pauses: it has a middle to be interrupted in, and shows what got lost or came twice.</summary>
internal static class CountingJob
{
    private const int Lines = 20;

    /// <param name="pause">Seconds between two of the twenty lines.</param>
    public static string Definition(double pause) =>
        Definitions.Shell(string.Create(CultureInfo.InvariantCulture, $"i=0; while [ $i -lt {Lines} ]; do echo line $i; i=$((i+1)); sleep {pause}; done"));

    /// <summary>It ended well, every line is there once, and (when one is given) it was that container.</summary>
    public static void AssertWhole(JsonNode result, string? container)
    {
        JsonNode op = Definitions.Op(result);
        Assert.Equal("success", Definitions.StatusOf(result));
        if (container is not null) Assert.Equal(container, op["providerId"]!.GetValue<string>());
        Assert.Equal(0, op["exitCode"]!.GetValue<int>());
        Assert.Equal(Enumerable.Range(0, Lines).Select(line => $"line {line}"), Definitions.LinesOf(op));
        Assert.DoesNotContain(op["logs"]!.AsArray(), entry => entry!["type"]!.GetValue<string>() == "nodeerr");
    }
}
