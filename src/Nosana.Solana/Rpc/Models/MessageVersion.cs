namespace Nosana.Solana.Rpc.Models;

/// <summary>The two forms of a transaction's message.</summary>
public enum MessageVersion
{
    /// <summary>Without a version byte.</summary>
    Legacy,

    /// <summary>Version byte 0x80; may load accounts from address lookup tables.</summary>
    V0,
}
