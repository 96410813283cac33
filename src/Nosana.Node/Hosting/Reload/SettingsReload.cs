using Nosana.Ipfs.Http;
using Nosana.Node.Chain;
using Nosana.Node.HostManager;
using Nosana.Node.HostManager.Review;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Market;
using Nosana.Node.Operations;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Hosting.Reload;

/// <summary>
/// Reads the settings again while the host runs. Market, RPC endpoints and the pinning credential are taken at once, all or none of them; what else has
/// changed is named, since it needs a restart.
/// </summary>
internal sealed partial class SettingsReload(
    NodeSettings started, NetworkSettings network, RpcClient rpc, StreamingRpcClient stream, IpfsPinningOptions pinning, ServedMarket served, WorkIntake intake,
    Preflight preflight, ILoggerFactory loggers, ReviewNode? review = null, MarketNeeds? needs = null) : IDisposable
{
    /// <summary>As <see cref="ReloadOutcome"/> names them: settings that say the same go by one name.</summary>
    private const string Market = "market", Rpc = "rpc", Credential = "ipfsCredential";

    private static readonly string[] s_taken = ["config", Market, Rpc, "rpcRate", "ws", "ipfsCredentialFile", "ipfsJwt"];

    private readonly ILogger _logger = loggers.CreateLogger<SettingsReload>();
    private readonly SemaphoreSlim _one = new(1);
    private NetworkSettings _network = network;

    /// <summary>Reads them where the host found them when it was started, and tells the log what came of it.</summary>
    public void Begin() => _ = Task.Run(async () =>
    {
        try
        {
            await ReadAsync(started.Sources, CancellationToken.None);
        }
        catch (CommandException)
        {
            // the log has it; nothing has changed
        }
        catch (Exception e)
        {
            LogBroken(e);
        }
    });

    /// <exception cref="CommandException">They cannot be used: nothing has changed. The log has it, too.</exception>
    public async Task<ReloadOutcome> ReadAsync(SettingsSources sources, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            NodeSettings settings = NodeSettings.Load(sources);
            ReloadOutcome outcome = new(await TakeAsync(settings, cancel), [.. NeedRestart(settings)]);
            LogRead(outcome.Taken, outcome.NeedRestart);
            return outcome;
        }
        catch (CommandException e)
        {
            LogRefused(e.Message);
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<IReadOnlyList<string>> TakeAsync(NodeSettings settings, CancellationToken cancel)
    {
        NetworkSettings next = NetworkOf(settings);
        if (_network.IpfsCredential is not null && next.IpfsCredential is null)
            throw new CommandException("No credential for the pinning service is configured any more: results could not be published.");
        bool hasOtherRpc = !next.HasRpcOf(_network);
        if (hasOtherRpc) await MoveAsync(next, cancel);
        MarketMembership? market;
        try
        {
            market = await FindMarketAsync(settings, cancel);
        }
        catch
        {
            if (hasOtherRpc) Use(_network);
            throw;
        }
        List<string> taken = [];
        if (hasOtherRpc) taken.Add(Rpc);
        if (next.IpfsCredential != _network.IpfsCredential) taken.Add(Credential);
        pinning.Credential = next.IpfsCredential;
        if (market is not null)
        {
            taken.Add(Market);
            intake.ChangeMarket(market);
        }
        _network = next;
        return taken;
    }

    /// <summary>The network with what may be taken of the settings, and nothing else of them.</summary>
    private NetworkSettings NetworkOf(NodeSettings settings)
    {
        NetworkSettings said;
        try
        {
            said = NetworkSettings.Of(settings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{settings.NameOf("ipfsCredentialFile")} cannot be read: {e.Message}", inner: e);
        }
        return _network with
        {
            Rpc = said.Rpc,
            IsRpcChosen = said.IsRpcChosen,
            // What the host manager gave stays where nothing was chosen before or after.
            GivenRpc = said.IsRpcChosen ? null : _network.GivenRpc,
            RpcRate = said.RpcRate,
            WebSocket = said.IsRpcChosen || _network.GivenRpc is null ? said.WebSocket : _network.WebSocket,
            IpfsCredential = said.IpfsCredential,
        };
    }

    /// <summary>Moves to other endpoints once one of them has shown that it is of the same chain.</summary>
    private async Task MoveAsync(NetworkSettings next, CancellationToken cancel)
    {
        using var candidate = new RpcClient(next.RpcOptions, loggers.CreateLogger<RpcClient>());
        string theirs;
        try
        {
            theirs = await candidate.GetGenesisHashAsync(cancel);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            throw new CommandException($"The new RPC endpoints cannot be used: {e.Message}", inner: e);
        }
        if (await GenesisAsync(cancel) is { } ours && ours != theirs)
            throw new CommandException("The new RPC endpoints are of another network: the first block of their chain is another one.");
        Use(next);
    }

    /// <summary>Of the chain as it is reached now; null when it is not.</summary>
    private async Task<string?> GenesisAsync(CancellationToken cancel)
    {
        try
        {
            return await rpc.GetGenesisHashAsync(cancel);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            LogNotCompared(e.Message); // it may be why the operator changes them
            return null;
        }
    }

    private void Use(NetworkSettings settings)
    {
        rpc.Use(settings.RpcOptions);
        stream.Use(settings.StreamingOptions);
        if (settings.ReviewOptions is { } options) (review?.Rpc as RpcClient)?.Use(options);
    }

    /// <returns>The market to change to; null when it is the same.</returns>
    private async Task<MarketMembership?> FindMarketAsync(NodeSettings settings, CancellationToken cancel)
    {
        if (settings.Host.Market is not { } named || new PublicKey(named) == (intake.NextMarket ?? served.Current).Market) return null;
        MarketLook look = await preflight.LookAtMarketAsync(new PublicKey(named), createAccounts: false, cancel);
        if (look.Problems.Count > 0) throw new CommandException("the market cannot be served:", [.. look.Problems.Select(problem => $"  - {problem}")]);
        if (needs is not null) await needs.LookAsync(look.Membership.Market, cancel);
        return look.Membership;
    }

    /// <summary>A market that is named no more is one that the host manager recommends, at the next start.</summary>
    private IEnumerable<string> NeedRestart(NodeSettings settings) => started.Values.Zip(settings.Values)
        .Where(pair => !pair.First.Texts.SequenceEqual(pair.Second.Texts))
        .Select(pair => pair.First.Setting.Key)
        .Where(key => !s_taken.Contains(key) || (key == Market && settings.Host.Market is null));

    private void LogRead(IReadOnlyList<string> taken, IReadOnlyList<string> needRestart)
    {
        LogTaken(taken.Count > 0 ? string.Join(", ", taken) : "nothing");
        if (needRestart.Count > 0) LogNeedRestart(string.Join(", ", needRestart));
    }

    [LoggerMessage(122, LogLevel.Information, "The settings were read again; taken: {Taken}")]
    private partial void LogTaken(string taken);

    [LoggerMessage(123, LogLevel.Warning, "Of the settings these have changed and need a restart: {Settings}")]
    private partial void LogNeedRestart(string settings);

    [LoggerMessage(124, LogLevel.Error, "The settings were read again and cannot be used; nothing has changed: {Problem}")]
    private partial void LogRefused(string problem);

    [LoggerMessage(125, LogLevel.Warning, "Whether the new RPC endpoints are of the same network is not known, since the old ones do not answer: {Problem}")]
    private partial void LogNotCompared(string problem);

    [LoggerMessage(126, LogLevel.Error, "The settings could not be read again by a fault of this program")]
    private partial void LogBroken(Exception exception);
}

/// <summary>What came of reading the settings again.</summary>
/// <param name="Taken">What has changed and counts from now on.</param>
/// <param name="NeedRestart">Keys of what has changed and counts from the next start on.</param>
internal sealed record ReloadOutcome(IReadOnlyList<string> Taken, IReadOnlyList<string> NeedRestart);
