using Nosana.Solana.Wallet;

namespace Nosana.Node.Hosting;

/// <summary>Addresses as people type them.</summary>
internal static class Addresses
{
    /// <exception cref="CommandException">The text is not an address.</exception>
    public static PublicKey Parse(string text) => PublicKey.TryParse(text, out PublicKey address)
        ? address
        : throw new CommandException($"'{text}' is not a Solana address: base58 text of 32 to 44 characters is expected.", ExitCodes.Refused);
}
