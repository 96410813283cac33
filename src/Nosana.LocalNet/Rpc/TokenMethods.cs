using System.Text.Json;
using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Rpc;

/// <summary>Methods that read token accounts and mints.</summary>
internal sealed class TokenMethods(Bank bank)
{
    private const int LargestCount = 20;

    /// <summary>Clients ask about its accounts too; this network does not run it, so there are none.</summary>
    private const string Token2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";

    public IEnumerable<KeyValuePair<string, RpcMethod>> Methods =>
    [
        new("getTokenAccountBalance", GetTokenAccountBalance),
        new("getTokenAccountsByOwner", GetTokenAccountsByOwner),
        new("getTokenSupply", GetTokenSupply),
        new("getTokenLargestAccounts", GetTokenLargestAccounts),
    ];

    private void GetTokenAccountBalance(RpcParameters parameters, Utf8JsonWriter writer)
    {
        (ulong slot, AccountState?[] accounts) = bank.GetAccounts([parameters.Key(0)]);
        AccountState account = accounts[0] ?? throw RpcError.Parameter("could not find account");
        if (!IsTokenAccount(account)) throw RpcError.Parameter("not a Token account");
        TokenAccountData token = TokenAccountData.Read(account.Data.Span);
        byte decimals = TokenJson.DecimalsOf(bank.GetAccount(token.Mint)) ?? throw RpcError.Parameter("could not find mint");
        writer.BeginContext(slot);
        TokenJson.WriteAmount(writer, token.Amount, decimals);
        writer.WriteEndObject();
    }

    private void GetTokenAccountsByOwner(RpcParameters parameters, Utf8JsonWriter writer)
    {
        PublicKey owner = parameters.Key(0);
        List<AccountFilter> filters = [AccountFilter.Size(TokenLayout.AccountLength), AccountFilter.Memcmp(TokenLayout.AccountOwner, owner.KeyBytes)];
        RpcOptions which = parameters.Options(1);
        if (which.Text("mint") is { } mintText)
        {
            PublicKey mint = RpcParameters.ParseKey(mintText);
            if (TokenJson.DecimalsOf(bank.GetAccount(mint)) is null) throw RpcError.Parameter("could not find mint");
            filters.Add(AccountFilter.Memcmp(TokenLayout.AccountMint, mint.KeyBytes));
        }
        else if (which.Text("programId") is { } program)
        {
            if (RpcParameters.ParseKey(program) != WellKnownAddresses.TokenProgram && program != Token2022)
                throw RpcError.Parameter("unrecognized Token program id");
            // No account of Token-2022 exists here: its owner would never be this program's.
            if (program == Token2022) filters.Add(AccountFilter.Size(0));
        }
        else
        {
            throw RpcError.Missing("a mint or a programId in element 1");
        }
        RpcOptions options = parameters.Options(2);
        AccountEncoding encoding = AccountEncoding.Read(options);
        (ulong slot, IReadOnlyList<KeyValuePair<PublicKey, AccountState>> accounts) = bank.Query(WellKnownAddresses.TokenProgram, filters);
        MinContextSlot.Check(options, slot);
        writer.BeginContext(slot);
        writer.WriteStartArray();
        foreach ((PublicKey key, AccountState account) in accounts.Where(pair => IsTokenAccount(pair.Value)))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("account");
            encoding.Write(writer, account, bank.GetAccount);
            writer.WriteString("pubkey", key.Key);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void GetTokenSupply(RpcParameters parameters, Utf8JsonWriter writer)
    {
        (ulong slot, AccountState?[] accounts) = bank.GetAccounts([parameters.Key(0)]);
        TokenMintData mint = ReadMint(accounts[0]);
        writer.BeginContext(slot);
        TokenJson.WriteAmount(writer, mint.Supply, mint.Decimals);
        writer.WriteEndObject();
    }

    private void GetTokenLargestAccounts(RpcParameters parameters, Utf8JsonWriter writer)
    {
        PublicKey mint = parameters.Key(0);
        byte decimals = ReadMint(bank.GetAccount(mint)).Decimals;
        (ulong slot, IReadOnlyList<KeyValuePair<PublicKey, AccountState>> accounts) =
            bank.Query(
                WellKnownAddresses.TokenProgram, [AccountFilter.Size(TokenLayout.AccountLength), AccountFilter.Memcmp(TokenLayout.AccountMint, mint.KeyBytes)]);
        writer.BeginContext(slot);
        writer.WriteStartArray();
        foreach ((PublicKey key, ulong amount) in accounts
            .Where(pair => IsTokenAccount(pair.Value))
            .Select(pair => (pair.Key, TokenAccountData.Read(pair.Value.Data.Span).Amount))
            .OrderByDescending(pair => pair.Amount)
            .Take(LargestCount))
        {
            writer.WriteStartObject();
            writer.WriteString("address", key.Key);
            writer.WriteString("amount", amount.ToString(System.Globalization.CultureInfo.InvariantCulture));
            writer.WriteNumber("decimals", decimals);
            writer.WriteNumber("uiAmount", amount / Math.Pow(10, decimals));
            writer.WriteString("uiAmountString", TokenJson.Decimal(amount, decimals));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static TokenMintData ReadMint(AccountState? account)
    {
        if (account is null) throw RpcError.Parameter("could not find account");
        bool isMint = account.Owner == WellKnownAddresses.TokenProgram && account.Data.Length == TokenLayout.MintLength
            && account.Data.Span[TokenLayout.MintInitialized] == 1;
        return isMint ? TokenMintData.Read(account.Data.Span) : throw RpcError.Parameter("not a Token mint");
    }

    private static bool IsTokenAccount(AccountState account) =>
        account.Owner == WellKnownAddresses.TokenProgram && account.Data.Length == TokenLayout.AccountLength
            && account.Data.Span[TokenLayout.AccountState] != 0;
}
