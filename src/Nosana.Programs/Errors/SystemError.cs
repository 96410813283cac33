namespace Nosana.Programs.Errors;

/// <summary>Errors of Solana's system program.</summary>
public enum SystemError
{
    AccountAlreadyInUse = 0,
    ResultWithNegativeLamports = 1,
    InvalidProgramId = 2,
    InvalidAccountDataLength = 3,
    MaxSeedLengthExceeded = 4,
    AddressWithSeedMismatch = 5,
}
