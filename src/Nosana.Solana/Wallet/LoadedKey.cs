namespace Nosana.Solana.Wallet;

/// <summary>A key read from its file.</summary>
/// <param name="Created">The file was made by this call.</param>
/// <param name="Warning">What the operator must know, e.g. that the file's mode was narrowed; null when all was well.</param>
public sealed record LoadedKey(Account Account, bool Created, string? Warning);
