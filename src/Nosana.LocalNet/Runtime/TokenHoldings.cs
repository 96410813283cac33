using System.Buffers.Binary;
using Nosana.LocalNet.BuiltIn;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>Reads the token accounts of a transaction, for the balances that getTransaction lists.</summary>
internal static class TokenHoldings
{
    public static TokenHolding[] Read(IReadOnlyList<WorkingAccount> accounts, Func<PublicKey, AccountState?> find, bool before)
    {
        List<TokenHolding>? found = null;
        for (int index = 0; index < accounts.Count; index++)
        {
            WorkingAccount account = accounts[index];
            if ((before ? account.Original.Owner : account.Owner) != WellKnownAddresses.TokenProgram) continue;
            ReadOnlySpan<byte> data = before ? account.Original.Data.Span : account.Data;
            if (data.Length != TokenLayout.AccountLength || data[TokenLayout.AccountState] == 0) continue;
            var mint = new PublicKey(data.Slice(TokenLayout.AccountMint, 32));
            AccountState? mintState = find(mint);
            byte decimals = mintState is { Data.Length: TokenLayout.MintLength } ? mintState.Data.Span[TokenLayout.MintDecimals] : (byte)0;
            (found ??= []).Add(new TokenHolding(
                index, mint, new(data.Slice(TokenLayout.AccountOwner, 32)), BinaryPrimitives.ReadUInt64LittleEndian(data[TokenLayout.AccountAmount..]),
                decimals));
        }
        return found is null ? [] : [.. found];
    }
}
