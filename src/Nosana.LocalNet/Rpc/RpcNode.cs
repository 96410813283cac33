using Microsoft.Extensions.Logging;
using Nosana.LocalNet.Faults;

namespace Nosana.LocalNet.Rpc;

/// <summary>One of the network's RPC nodes: its methods, and what it does wrong.</summary>
internal sealed class RpcNode
{
    public RpcNode(IEnumerable<KeyValuePair<string, RpcMethod>> methods, NodeFaults faults, ILogger<RpcDispatcher> logger)
    {
        Faults = faults;
        Dispatcher = new RpcDispatcher(methods.ToDictionary(method => method.Key, method => Guarded(method.Key, method.Value)), logger);
    }

    public NodeFaults Faults { get; }

    public RpcDispatcher Dispatcher { get; }

    private RpcMethod Guarded(string name, RpcMethod serve) => (parameters, writer) =>
    {
        if (Faults.RefusalOf(name) is { } refusal) throw new RpcError(refusal.Code, refusal.Message);
        serve(parameters, writer);
    };
}
