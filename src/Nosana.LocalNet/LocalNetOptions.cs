using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.LocalNet.Front;
using Nosana.LocalNet.Genesis;
using Nosana.LocalNet.Runtime;

namespace Nosana.LocalNet;

/// <summary>How to start an embedded network. Paths may be relative: they are kept as absolute ones, which the info file hands on.</summary>
public sealed record LocalNetOptions
{
    /// <summary>Solana's usual port.</summary>
    public const int DefaultPort = 8899;

    /// <summary>RPC over HTTP and WebSocket; WebSocket also on the next port. 0 takes a free pair.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>A port of its own for the gateway and the pinning service; null: the RPC port serves them. 0 takes a free one.</summary>
    public int? IpfsPort { get; init; }

    /// <summary>Where to listen. Loopback unless told otherwise: whoever reaches the network can spend everything on it.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The stand-in of the network's ingress; null for none.</summary>
    public FrontOptions? Front { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Keys brought along.</summary>
    public LocalNetKeyOptions Keys { get; init; } = new();

    /// <summary>Directory of the network's key files (0600), made when absent; null: keys only in memory.</summary>
    public string? KeyDirectory { get; init => field = Absolute(value); }

    /// <summary>What the poster of genesis is given, in micro-NOS of each mint. Default: 1,000,000 NOS.</summary>
    public ulong PosterMicroNos { get; init; } = 1_000_000_000_000;

    /// <summary>Wallets with funds beside the poster and the host.</summary>
    public IReadOnlyList<LocalNetWallet> Wallets { get; init; } = [];

    public MarketTerms Market { get; init; } = new();

    /// <summary>SQLite file that keeps chain and content from one start to the next; needs <see cref="KeyDirectory"/>. Null: only in memory.</summary>
    public string? DatabasePath { get; init => field = Absolute(value); }

    /// <summary>File that <see cref="LocalNetInfo"/> is written to once the network is ready, and that is removed at its end.</summary>
    public string? InfoPath { get; init => field = Absolute(value); }

    /// <summary>Share of a job's deposit that is taken on top as the network's fee: 0 for none, as the programs have it since 2.2.2; 10 before.</summary>
    public ulong FeeDivisor { get; init; }

    /// <summary>Whether the programs reject a writable account that stands twice in a call (error 2040), as they do since 2.2.4.</summary>
    public bool RejectDuplicateAccounts { get; init; } = true;

    /// <summary>Programs to deploy beside the built-in ones and Nosana's.</summary>
    public IReadOnlyList<IOnChainProgram> ExtraPrograms { get; init; } = [];

    /// <exception cref="LocalNetException">An option cannot be what it is.</exception>
    internal void Validate()
    {
        if (DatabasePath is not null && KeyDirectory is null)
        {
            throw new LocalNetException(
                "A network that is kept in a database needs a directory for its keys: without them nothing on it could be signed for after a restart.");
        }
        if (Port is < 0 or >= IPEndPoint.MaxPort)
        {
            throw new LocalNetPortException(Port,
                $"The network cannot listen on port {Port}: choose one from 1 to {IPEndPoint.MaxPort - 1} (it needs the one after it too), " +
                "or 0 for a free pair.");
        }
        if (IpfsPort is { } ipfsPort and (< 0 or > IPEndPoint.MaxPort))
            throw new LocalNetPortException(
                ipfsPort, $"The gateway cannot listen on port {ipfsPort}: choose one from 1 to {IPEndPoint.MaxPort}, or 0 for a free one.");
    }

    private static string? Absolute(string? path) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path);
}
