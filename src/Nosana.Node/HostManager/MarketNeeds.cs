using Nosana.JobDefinition;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine.Prefetch;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager;

/// <summary>Keeps what the market wants its hosts to have ready: asked for at the start and now and then, fetched in idle time.</summary>
internal sealed partial class MarketNeeds(HostIntroduction introduction, Prefetcher prefetcher, TimeProvider time, ILogger<MarketNeeds> logger)
{
    /// <summary>How often the list is asked for, at most: it changes seldom.</summary>
    public static readonly TimeSpan AskInterval = TimeSpan.FromHours(1);

    /// <summary>How soon a service that did not give it is asked again.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(5);

    private PublicKey? _market;
    private DateTimeOffset _askAgain;

    /// <summary>Asks what the market wants ready. A service that does not say leaves it at what it said before.</summary>
    public async Task LookAsync(PublicKey market, CancellationToken cancel)
    {
        _market = market;
        RequiredResources? required = await introduction.LookAtResourcesAsync(market, cancel);
        _askAgain = time.GetUtcNow() + (required is null ? RetryInterval : AskInterval);
        if (required is not null) prefetcher.Want(required.Images, Read(required.RemoteResources));
    }

    /// <summary>Fetches it, and keeps it up to date, until the host has something better to do; as an idle task of the market does.</summary>
    public async Task FetchAsync(CancellationToken idle, CancellationToken exiting)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(idle, exiting);
        while (_market is { } market)
        {
            if (time.GetUtcNow() >= _askAgain) await LookAsync(market, cancel.Token);
            DateTimeOffset next = await prefetcher.FetchAsync(idle, exiting) is { } retry && retry < _askAgain ? retry : _askAgain;
            TimeSpan wait = next - time.GetUtcNow();
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancel.Token);
        }
    }

    private Dictionary<string, Resource> Read(IReadOnlyList<string> documents)
    {
        var resources = new Dictionary<string, Resource>();
        foreach (string document in documents)
        {
            (Resource? resource, string? fault) = ResourceLoader.Load(document);
            if (resource is not null) resources[document] = resource;
            else LogUnreadable(fault!);
        }
        return resources;
    }

    [LoggerMessage(498, LogLevel.Warning,
        "A resource that the market wants ready is not one that this host knows, and is left to the jobs that need it: {Fault}")]
    private partial void LogUnreadable(string fault);
}
