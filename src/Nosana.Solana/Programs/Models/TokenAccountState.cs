namespace Nosana.Solana.Programs.Models;

/// <summary>State byte of a token account.</summary>
public enum TokenAccountState : byte
{
    Uninitialized = 0,
    Initialized = 1,
    Frozen = 2,
}
