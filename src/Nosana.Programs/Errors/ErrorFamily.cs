namespace Nosana.Programs.Errors;

/// <summary>Which list of errors a number belongs to. The numbers of the Nosana lists collide: they all begin at 6000.</summary>
public enum ErrorFamily
{
    /// <summary>A list that this library does not know; name and number are as logged.</summary>
    Unknown,
    Common,
    Jobs,
    Staking,
    Nodes,
    Pools,

    /// <summary>Anchor's own: argument, account and constraint checks.</summary>
    Anchor,

    /// <summary>The system program's.</summary>
    System,

    /// <summary>The token program's.</summary>
    Token,
}
