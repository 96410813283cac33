using System.Text.Json.Serialization;

namespace Nosana.Solana.Rpc.Models;

/// <summary>The software of a node.</summary>
public sealed record NodeVersion([property: JsonPropertyName("solana-core")] string SolanaCore, [property: JsonPropertyName("feature-set")] ulong? FeatureSet = null);
