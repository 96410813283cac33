namespace Nosana.Programs.Errors;

/// <summary>Errors of the pools program (<c>NosanaPoolsError</c>).</summary>
public enum PoolsError
{
    NotStarted = 6000,
    Underfunded,
    NotCloseable,
    WrongClaimType,
    WrongBeneficiary,
}
