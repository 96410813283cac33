using System.Text;
using Nosana.Docker;

namespace Nosana.EndToEnd.Tests.Docker;

/// <summary>What a terminal of an engine does, whichever engine it is.</summary>
internal static class TerminalUse
{
    /// <param name="container">One that runs, with a shell.</param>
    public static async Task AssertWorksAsync(IEngineClient engine, string container, CancellationToken cancel)
    {
        string terminal = await engine.CreateTerminalAsync(container, new TerminalSpec(["/bin/sh", "-c", "echo $TERM; read x; echo $x $(stty size); exit 7"], ["TERM=vt52"]), cancel);
        Assert.Equal(new TerminalState(false, null), await engine.InspectTerminalAsync(terminal, cancel) with { ExitCode = null });
        await using Stream stream = await engine.StartTerminalAsync(terminal, cancel);
        using var shown = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        string first = await shown.ReadLineAsync(cancel) ?? "";
        Assert.True(first == "vt52", first);
        await engine.ResizeTerminalAsync(terminal, 71, 19, cancel);
        await stream.WriteAsync("typed\n"u8.ToArray(), cancel);
        Assert.EndsWith("typed 19 71", (await shown.ReadToEndAsync(cancel)).TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(new TerminalState(false, 7), await engine.InspectTerminalAsync(terminal, cancel));
    }
}
