using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Nosana.Docker;
using Nosana.Node.Api;
using Nosana.Node.Api.Authorization;
using Nosana.Node.Chain;
using Nosana.Node.Exposure;
using Nosana.Node.Gpus;
using Nosana.Node.HostManager;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Jobs;
using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Ssh;
using Nosana.Node.Tests.Logs;
using Nosana.Node.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Node.Tests.Api;

/// <summary>The API over jobs on a fake engine: what is asked goes over the wire.</summary>
internal sealed class ApiBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Lifetime _lifetime = new();
    private readonly HttpClient _http = new();

    private ApiBench(Func<ApiOptions, ApiOptions> change, Func<SshOptions, SshOptions> changeSsh)
    {
        // The same each time, so that what is made of them from a seed is, too.
        Owner = Account.FromSeed([.. Enumerable.Repeat((byte)1, 32)]);
        Host = Account.FromSeed([.. Enumerable.Repeat((byte)2, 32)]);
        using Account job = Account.FromSeed([.. Enumerable.Repeat((byte)3, 32)]);
        JobAddress = job.PublicKey.Key;
        Jobs = new JobBench { Job = JobAddress };
        Journal = JournalStore.InMemory(Jobs.Clock);
        var options = new ApiOptions { HostName = $"{Host.PublicKey}.localhost", Port = 0, RequestRate = 1_000_000, TotalRequestRate = 1_000_000 };
        _services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(Jobs.Log)
            .AddLogging()
            .AddSingleton<TimeProvider>(Jobs.Clock)
            .AddSingleton<IHostApplicationLifetime>(_lifetime)
            .AddSingleton(Jobs.Exposure)
            .AddSingleton(Jobs.Running)
            .AddSingleton(Jobs.Logs)
            .AddSingleton<IEngineClient>(Jobs.Engine)
            .AddSingleton(Journal)
            .AddSingleton(new HostWallet(Host))
            .AddSingleton(Slot)
            .AddSingleton(new JobOwners(() => throw new InvalidOperationException("The chain was asked.")))
            .AddSingleton(new MachineReader("/", "/"))
            .AddSingleton(new HostSite("NL", 100, 50))
            .AddSingleton(Options.Create(new GpuOptions()))
            .AddSingleton<GpuInventory>()
            .AddSingleton<Nosana.Node.Market.Confidential.OwnerDesk>()
            .AddSsh(changeSsh(Ssh), "localhost", Host.PublicKey)
            .AddApi(change(options))
            .BuildServiceProvider();
        Owners.Note(JobAddress, new JobOwner(Owner.PublicKey, 3600));
    }

    public TemporaryDirectory State { get; } = new();

    /// <summary>The SSH server is started by those who want it.</summary>
    public SshOptions Ssh => new()
    {
        Networks = ["localnet", "mainnet"],
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        StateDirectory = State.Path,
        Program = [ProcessEnvironment.Program, SettingsUse.SshVerb],
        Environment = ProcessEnvironment.OfASmallProcess(),
    };

    public Account Owner { get; }

    public Account Host { get; }

    public string JobAddress { get; }

    public JobBench Jobs { get; }

    public JournalStore Journal { get; }

    public SlotStatus Slot { get; } = new(TimeProvider.System);

    public JobOwners Owners => _services.GetRequiredService<JobOwners>();

    public ApiServer Server => _services.GetRequiredService<ApiServer>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public string OwnerHeader => Sign(Owner, "Hello Nosana Node!");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="isStarting">The host has not started yet.</param>
    /// <param name="change">Of the options.</param>
    /// <param name="changeSsh">Of the SSH server's.</param>
    public static async Task<ApiBench> StartAsync(
        bool isStarting = false, Func<ApiOptions, ApiOptions>? change = null, Func<SshOptions, SshOptions>? changeSsh = null)
    {
        var bench = new ApiBench(change ?? (options => options), changeSsh ?? (options => options));
        if (!isStarting) bench._lifetime.Started.Cancel();
        await bench.Server.StartAsync(Cancel);
        return bench;
    }

    public static string Sign(Account account, string message, long? time = null) =>
        $"{message}:{Encoders.Base58.EncodeData(account.Sign(Encoding.UTF8.GetBytes(message)))}{(time is { } at ? $":{at}" : "")}";

    /// <summary>A bound authorization of the owner's.</summary>
    public string Bound(string method, string path, string? body = null, DateTimeOffset? time = null, Account? by = null, string? job = null, string? host = null) =>
        Sign(by ?? Owner, BoundHeader.MessageFor(
            host ?? Host.PublicKey.Key, job ?? JobAddress, time ?? Jobs.Clock.GetUtcNow(), method, path, BoundHeader.DigestOf(Encoding.UTF8.GetBytes(body ?? ""))));

    /// <summary>Asks; with the owner's authorization unless another one is given, the empty one being none.</summary>
    public async Task<(int Status, string Body, HttpResponseMessage Response)> AskAsync(
        HttpMethod method, string path, string? header = null, string? body = null, Action<HttpRequestMessage>? more = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Server.Address, path));
        if (header != "") request.Headers.TryAddWithoutValidation("authorization", header ?? OwnerHeader);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        more?.Invoke(request);
        HttpResponseMessage response = await _http.SendAsync(request, Cancel);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancel), response);
    }

    public Task<(int Status, string Body, HttpResponseMessage Response)> GetAsync(string path, string? header = null) => AskAsync(HttpMethod.Get, path, header);

    public Task<(int Status, string Body, HttpResponseMessage Response)> PostAsync(string path, string? header = null, string? body = null) =>
        AskAsync(HttpMethod.Post, path, header, body);

    /// <summary>An open answer, such as a stream of events.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, string? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Server.Address, path));
        request.Headers.TryAddWithoutValidation("authorization", header ?? OwnerHeader);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    public async Task<ClientWebSocket> ConnectAsync(string? firstFrame, string path = "/")
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(new Uri(Server.Address, path)) { Scheme = "ws" }.Uri, Cancel);
        if (firstFrame is not null) await socket.SendAsync(Encoding.UTF8.GetBytes(firstFrame), WebSocketMessageType.Text, true, Cancel);
        return socket;
    }

    /// <summary>The first frame that asks for a path.</summary>
    public string Frame(string path, string? header = null, JsonObject? body = null)
    {
        body ??= [];
        body["jobAddress"] ??= JobAddress;
        return new JsonObject { ["path"] = path, ["header"] = header ?? OwnerHeader, ["body"] = body }.ToJsonString();
    }

    /// <summary>The next message; null when the socket is closed.</summary>
    public static async Task<string?> ReceiveAsync(ClientWebSocket socket)
    {
        using var text = new MemoryStream();
        byte[] buffer = new byte[64 << 10];
        while (true)
        {
            if (socket.State is not (WebSocketState.Open or WebSocketState.CloseSent)) return null;
            WebSocketReceiveResult read = await socket.ReceiveAsync(buffer, Cancel);
            if (read.MessageType == WebSocketMessageType.Close) return null;
            text.Write(buffer, 0, read.Count);
            if (read.EndOfMessage) return Encoding.UTF8.GetString(text.ToArray());
        }
    }

    /// <summary>With what the node closes the socket.</summary>
    public static async Task<(int Code, string? Reason)> ClosedAsync(ClientWebSocket socket)
    {
        while (await ReceiveAsync(socket) is not null)
        {
            // until it is closed
        }
        return ((int)socket.CloseStatus!, socket.CloseStatusDescription);
    }

    public async ValueTask DisposeAsync()
    {
        // What a client is told is one sentence: a fault of the program is found in the log.
        string faults = string.Join('\n', Jobs.Log.Lines.Where(line => line.Contains("by a fault of this program", StringComparison.Ordinal)));
        Assert.True(faults.Length == 0, faults);
        _http.Dispose();
        await Server.DisposeAsync();
        await _services.DisposeAsync();
        Journal.Dispose();
        Jobs.Dispose();
        State.Dispose();
        _lifetime.Dispose();
        Owner.Dispose();
        Host.Dispose();
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        public CancellationTokenSource Started { get; } = new();

        public CancellationToken ApplicationStarted => Started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => throw new NotSupportedException();

        public void Dispose() => Started.Dispose();
    }
}
