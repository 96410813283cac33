using Nosana.Solana.Wallet;

namespace Nosana.Solana.Programs;

/// <summary>Addresses that every Solana cluster shares.</summary>
public static class WellKnownAddresses
{
    public static readonly PublicKey SystemProgram = new("11111111111111111111111111111111");
    public static readonly PublicKey TokenProgram = new("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
    public static readonly PublicKey AssociatedTokenProgram = new("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
    public static readonly PublicKey ComputeBudgetProgram = new("ComputeBudget111111111111111111111111111111");
    public static readonly PublicKey TokenMetadataProgram = new("metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s");
    public static readonly PublicKey RentSysvar = new("SysvarRent111111111111111111111111111111111");
}
