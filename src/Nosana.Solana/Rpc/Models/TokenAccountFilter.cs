using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>Which token accounts of an owner: those of one mint, or all of one token program.</summary>
public readonly record struct TokenAccountFilter
{
    private TokenAccountFilter(PublicKey? mint, PublicKey? programId)
    {
        Mint = mint;
        ProgramId = programId;
    }

    public PublicKey? Mint { get; }

    public PublicKey? ProgramId { get; }

    public static TokenAccountFilter ByMint(PublicKey mint) => new(mint, null);

    public static TokenAccountFilter ByProgram(PublicKey programId) => new(null, programId);
}
