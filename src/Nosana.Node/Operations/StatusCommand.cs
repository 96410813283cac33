using System.Text.Json.Nodes;
using Nosana.Node.Control;
using Nosana.Node.Jobs.Tunnels;
using Nosana.Node.Market;

namespace Nosana.Node.Operations;

/// <summary>What the agent does now.</summary>
internal sealed class StatusCommand(IServiceProvider services, SlotStatus status, WorkIntake intake, IHostApplicationLifetime lifetime) : IControlCommand
{
    public const string Path = "/v1/status";

    public Task<JsonNode> ExecuteAsync(ControlRequest request, CancellationToken cancel)
    {
        var answer = new JsonObject
        {
            ["version"] = ControlSocket.Version,
            ["pid"] = Environment.ProcessId,
            ["draining"] = intake.IsDraining,
        };
        SlotState slot = status.Now;
        answer["state"] = slot.Text;
        answer["since"] = slot.Since;
        answer["isServing"] = slot.IsServing;
        if (lifetime.ApplicationStarted.IsCancellationRequested) answer["market"] = services.GetRequiredService<MarketSlot>().Market.Key;
        if (services.GetService<TunnelClients>() is { } tunnels)
            answer["tunnels"] = new JsonObject(tunnels.States.Select(one => KeyValuePair.Create<string, JsonNode?>(
                one.Key, new JsonObject { ["state"] = one.Value.State.ToString().ToLowerInvariant(), ["problem"] = one.Value.Problem })));
        return Task.FromResult<JsonNode>(answer);
    }
}
