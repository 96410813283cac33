using System.CommandLine;
using System.Text.Json.Nodes;

namespace Nosana.Node.Cli;

/// <summary><c>job delist</c>: takes a queued job back.</summary>
internal static class JobDelistCommand
{
    public static Command Create() => OwnJobCommand.Create(
        "delist", "take a queued job back with its deposit", async (_, poster, job, cancel) =>
        {
            await poster.DelistAsync(job, cancel);
            return new JsonObject { ["delisted"] = true };
        });
}
