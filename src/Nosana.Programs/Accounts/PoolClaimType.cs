namespace Nosana.Programs.Accounts;

/// <summary>How a pool pays out: to a token account, or into the stakers' reflection.</summary>
public enum PoolClaimType : byte
{
    Transfer = 0,
    AddFee = 1,
    Unknown = 255,
}
