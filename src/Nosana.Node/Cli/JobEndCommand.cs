using System.CommandLine;
using System.Text.Json.Nodes;

namespace Nosana.Node.Cli;

/// <summary><c>job end</c>: stops a running job.</summary>
internal static class JobEndCommand
{
    public static Command Create() => OwnJobCommand.Create(
        "end", "stop a running job: its host is paid for the time so far, the rest comes back", async (_, poster, job, cancel) =>
        {
            await poster.EndAsync(job, cancel);
            return new JsonObject { ["ended"] = true };
        });
}
