using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>The token calls that Nosana's programs make.</summary>
internal static class Tokens
{
    /// <summary>Moves tokens with the authority's own signature.</summary>
    public static void Transfer(AnchorCall call, TokenRule from, TokenRule to, AccountRule authority, ulong amount) =>
        call.Invoke(TokenProgram.Transfer(from.Key(call), to.Key(call), amount, authority.Key(call)));

    /// <summary>Moves tokens out of a vault, which is its own authority.</summary>
    public static void TransferFromVault(AnchorCall call, TokenRule vault, TokenRule to, ulong amount, byte[][] seeds)
    {
        PublicKey address = vault.Key(call);
        call.Invoke(TokenProgram.Transfer(address, to.Key(call), amount, address), seeds);
    }

    public static void CloseVault(AnchorCall call, TokenRule vault, AccountRule rentTo, byte[][] seeds)
    {
        PublicKey address = vault.Key(call);
        call.Invoke(TokenProgram.CloseAccount(address, rentTo.Key(call), address), seeds);
    }
}
