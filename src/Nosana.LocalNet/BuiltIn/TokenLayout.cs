namespace Nosana.LocalNet.BuiltIn;

/// <summary>Where the fields of SPL Token's three accounts lie.</summary>
internal static class TokenLayout
{
    public const int AccountLength = 165;
    public const int AccountMint = 0;
    public const int AccountOwner = 32;
    public const int AccountAmount = 64;
    public const int AccountDelegate = 72;
    public const int AccountState = 108;
    public const int AccountNative = 109;
    public const int AccountDelegatedAmount = 121;
    public const int AccountCloseAuthority = 129;

    public const int MintLength = 82;
    public const int MintAuthority = 0;
    public const int MintSupply = 36;
    public const int MintDecimals = 44;
    public const int MintInitialized = 45;
    public const int MintFreezeAuthority = 46;

    public const int MultisigLength = 355;
    public const int MultisigMaxSigners = 11;
    public const int MultisigSigners = 3;
}
