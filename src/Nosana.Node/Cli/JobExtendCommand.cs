using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Node.Cli.Output;

namespace Nosana.Node.Cli;

/// <summary><c>job extend</c>: pays for more seconds.</summary>
internal static class JobExtendCommand
{
    public static Command Create()
    {
        var seconds = new Option<long>("--seconds") { Description = "seconds to add, 1 or more", Required = true };
        Command extend = OwnJobCommand.Create("extend", "pay for more seconds of a queued or running job", async (parse, poster, job, cancel) =>
        {
            (long timeout, bool byEarlierTry) = await poster.ExtendAsync(job, parse.GetValue(seconds), cancel);
            if (byEarlierTry)
                Terminal.WriteError("An earlier try of this had landed: nothing was paid now. The same command again adds the seconds once more.");
            return new JsonObject { ["timeout"] = timeout };
        });
        extend.Options.Add(seconds);
        return extend;
    }
}
