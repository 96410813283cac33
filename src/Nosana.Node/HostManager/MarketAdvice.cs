using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager;

/// <summary>Which market suits this host's GPUs.</summary>
/// <param name="Market">The market to use; null when the host must change first.</param>
/// <param name="MustChange">The host's access key is of another market: <c>change-market</c> brings a transaction that changes it.</param>
internal sealed record MarketAdvice(PublicKey? Market, bool MustChange);

/// <summary>A change of market, to be signed by the host.</summary>
/// <param name="Transaction">Wire bytes, legacy or version 0, as the service sent them: nothing is known about them yet.</param>
internal sealed record MarketChange(byte[] Transaction, PublicKey NewMarket);

/// <summary>What a market wants its hosts to have ready.</summary>
/// <param name="RemoteResources">Kinds and addresses of resources (S3, HF, Ollama) as the service writes them.</param>
internal sealed record RequiredResources(IReadOnlyList<string> Images, IReadOnlyList<string> RemoteResources);
