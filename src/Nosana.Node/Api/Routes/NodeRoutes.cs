using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.Node.Chain;
using Nosana.Node.Gpus;
using Nosana.Node.HostManager;
using Nosana.Node.Journal;
using Nosana.Node.Market;

namespace Nosana.Node.Api.Routes;

/// <summary>What everybody may know of the node, whatever it does: who it is, what it is, and what it has ready.</summary>
internal sealed class NodeRoutes(
    HostWallet wallet, MachineReader machine, GpuInventory gpus, HostSite site, SlotStatus slot, JournalStore journal, TimeProvider time) : IApiRoutes
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private readonly DateTimeOffset _started = time.GetUtcNow();

    public void Map(IEndpointRouteBuilder api, IEndpointRouteBuilder ofOwner)
    {
        api.MapReading("/", Address).WithSummary("The node's address");
        api.MapReading("/node/info", Info).WithSummary("What the node is and does");
    }

    private ApiReply Address() => ApiReply.Json(JsonValue.Create(wallet.Address.Key));

    private ApiReply Info()
    {
        JsonObject info = JsonSerializer.SerializeToNode(machine.Read(gpus.Read(), site), HostSpecsJson.Default.HostSpecs)!.AsObject();
        info["network"]?.AsObject().Remove("ip");
        foreach (JsonNode? device in info["gpus"]?["devices"] as JsonArray ?? []) device?.AsObject().Remove("results");
        return ApiReply.Json(new JsonObject
        {
            ["node"] = wallet.Address.Key,
            ["uptime"] = _started.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture),
            ["state"] = slot.Now.Activity.ToWord(),
            ["info"] = info,
            ["resources"] = new JsonObject
            {
                ["images"] = ListOf(journal.CachedImages().Where(image => image is { ImageId: not null, Private: false }).Select(image => image.Reference)),
                ["volumes"] = ListOf(journal.CachedResources().Where(resource => resource.Complete).Select(resource => resource.Source)),
            },
        });
    }

    private static JsonArray ListOf(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
