using System.Text.Json.Serialization;
using Nosana.Solana.Rpc.Json;

namespace Nosana.Solana.Rpc.Models;

/// <summary>How settled a block must be to be read from.</summary>
[JsonConverter(typeof(CommitmentConverter))]
public enum Commitment
{
    /// <summary>The node's newest block; it may be skipped by the cluster.</summary>
    Processed,

    /// <summary>Voted for by two thirds of the stake. The default everywhere here, as in the official clients.</summary>
    Confirmed,

    /// <summary>Rooted: never undone.</summary>
    Finalized,
}
