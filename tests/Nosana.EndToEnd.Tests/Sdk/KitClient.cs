using System.Diagnostics;
using System.Text.Json;
using Nosana.EndToEnd.Tests.Support;
using Nosana.LocalNet;

namespace Nosana.EndToEnd.Tests.Sdk;

/// <summary>
/// The official TypeScript client, unchanged, in a node process of its own: pointed at a network by configuration alone, it evaluates
/// one expression a line and answers its value as JSON (bigints as text).
/// </summary>
internal sealed class KitClient : IAsyncDisposable
{
    /// <summary>Its settings come as JSON in KIT_SETTINGS: the set of programs, the URLs and the wallet's key.</summary>
    private const string Script =
        """
        import { createInterface } from 'node:readline'
        import { createNosanaClient } from '@nosana/kit'
        import { createKeyPairSignerFromBytes } from '@solana/kit'
        const at = JSON.parse(process.env.KIT_SETTINGS)
        const wallet = await createKeyPairSignerFromBytes(Uint8Array.from(at.key))
        const client = createNosanaClient(at.network, {
          solana: { cluster: 'localnet', rpcEndpoint: at.rpc, wsEndpoint: at.ws, commitment: 'confirmed' },
          ipfs: { api: at.pinning, jwt: 'local-test', gateway: at.gateway },
          api: { backend_url: at.rpc, client_manager_url: at.rpc },
          logLevel: 'error',
          wallet,
        })
        const send = async instructions => client.solana.buildSignAndSend(await instructions)
        const asText = (_, value) => typeof value === 'bigint' ? value.toString() : value
        console.log('ready')
        for await (const line of createInterface({ input: process.stdin })) {
          try {
            const value = await new Function('client', 'send', `return (async () => ${line})()`)(client, send)
            console.log(JSON.stringify({ value: value ?? null }, asText))
          } catch (error) {
            console.log(JSON.stringify({ error: `${error?.stack ?? error} ${JSON.stringify(error?.context ?? {}, asText)}` }))
          }
        }
        """;

    private readonly Process _node;
    private readonly Task<string> _errors;

    private KitClient(Process node)
    {
        _node = node;
        _errors = node.StandardError.ReadToEndAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts the client with a wallet, on one of the network's two sets of programs.</summary>
    public static async Task<KitClient> StartAsync(LocalNetInfo info, string network, byte[] secretKey)
    {
        ProcessStartInfo start = TestNode.StartScript(Script);
        start.RedirectStandardInput = true;
        var settings = new Dictionary<string, object>
        {
            ["network"] = network,
            ["rpc"] = info.Rpc,
            ["ws"] = info.Ws,
            ["pinning"] = info.Ipfs.Api,
            ["gateway"] = info.Ipfs.Gateway,
            ["key"] = secretKey.Select(value => (int)value),
        };
        start.Environment["KIT_SETTINGS"] = JsonSerializer.Serialize(settings);
        Process node = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var client = new KitClient(node);
        string? first = await node.StandardOutput.ReadLineAsync(Cancellation);
        if (first == "ready") return client;
        string errors = first is null ? await client._errors : first;
        await client.DisposeAsync();
        throw new InvalidOperationException($"The official client did not start: {errors}");
    }

    /// <summary>The value of a JavaScript expression over <c>client</c> and <c>send(instructions)</c>; a promise is awaited.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        await _node.StandardInput.WriteLineAsync(expression.AsMemory(), Cancellation);
        await _node.StandardInput.FlushAsync(Cancellation);
        string line = await _node.StandardOutput.ReadLineAsync(Cancellation) ?? throw new InvalidOperationException($"The official client ended: {await _errors}");
        using JsonDocument answer = JsonDocument.Parse(line);
        Assert.True(answer.RootElement.TryGetProperty("value", out JsonElement value), $"{expression}: {line}");
        return value.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_node.HasExited) _node.Kill(entireProcessTree: true);
        await _node.WaitForExitAsync(CancellationToken.None);
        _node.Dispose();
    }
}
