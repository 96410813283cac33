namespace Nosana.Programs.Errors;

/// <summary>Errors that all of Nosana's programs share (<c>NosanaError</c>).</summary>
public enum CommonError
{
    Unauthorized = 6000,
    InvalidOwner,
    LamportsNonNull,
    MissingSignature,
    InvalidAccount,
    InvalidTokenAccount,
    InvalidMint,
    InvalidVault,
    InvalidPayer,
    VaultEmpty,
    VaultNotEmpty,
    InvalidATA,
}
