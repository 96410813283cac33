using System.Text.Json.Nodes;
using Nosana.Node.Control;
using Nosana.Node.Journal;

namespace Nosana.Node.Market;

/// <summary>Lets the host end with the job that it has: no new one is taken.</summary>
internal sealed partial class DrainCommand(WorkIntake intake, JournalStore journal, IHostApplicationLifetime lifetime, ILogger<DrainCommand> logger)
    : IControlCommand
{
    public const string Path = "/v1/drain";

    public Task<JsonNode> ExecuteAsync(ControlRequest request, CancellationToken cancel)
    {
        if (!intake.IsDraining) LogDraining();
        intake.Drain();
        if (!lifetime.ApplicationStarted.IsCancellationRequested && journal.OpenRuns().Count == 0)
        {
            intake.Forget();
            lifetime.StopApplication(); // it has no job and is in no queue yet
        }
        return Task.FromResult<JsonNode>(new JsonObject { ["draining"] = true });
    }

    [LoggerMessage(499, LogLevel.Information, "Draining: no new job is taken, and the host ends with the one that it has")]
    private partial void LogDraining();
}
