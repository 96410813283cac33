using System.Globalization;
using System.Text.Json;
using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Rpc;

/// <summary>The parsed form of token accounts and mints, and amounts with their decimals.</summary>
internal static class TokenJson
{
    public static bool TryWrite(Utf8JsonWriter writer, AccountState account, Func<PublicKey, AccountState?> find)
    {
        ReadOnlySpan<byte> data = account.Data.Span;
        if (data.Length == TokenLayout.AccountLength && data[TokenLayout.AccountState] != 0)
        {
            TokenAccountData token = TokenAccountData.Read(data);
            if (DecimalsOf(find(token.Mint)) is not { } decimals) return false;
            Begin(writer, "account");
            WriteAccount(writer, token, decimals);
        }
        else if (data.Length == TokenLayout.MintLength && data[TokenLayout.MintInitialized] == 1)
        {
            Begin(writer, "mint");
            WriteMint(writer, TokenMintData.Read(data));
        }
        else
        {
            return false;
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("program", "spl-token");
        writer.WriteNumber("space", data.Length);
        writer.WriteEndObject();
        return true;
    }

    /// <summary>Decimals of a mint, null when the account is none.</summary>
    public static byte? DecimalsOf(AccountState? mint) => mint is { Data.Length: TokenLayout.MintLength } ? mint.Data.Span[TokenLayout.MintDecimals] : null;

    /// <summary>Writes <c>{amount, decimals, uiAmount, uiAmountString}</c>.</summary>
    public static void WriteAmount(Utf8JsonWriter writer, ulong amount, byte decimals)
    {
        writer.WriteStartObject();
        writer.WriteString("amount", amount.ToString(CultureInfo.InvariantCulture));
        writer.WriteNumber("decimals", decimals);
        writer.WriteNumber("uiAmount", amount / Math.Pow(10, decimals));
        writer.WriteString("uiAmountString", Decimal(amount, decimals));
        writer.WriteEndObject();
    }

    internal static string Decimal(ulong amount, byte decimals)
    {
        string digits = amount.ToString(CultureInfo.InvariantCulture);
        if (decimals == 0) return digits;
        digits = digits.PadLeft(decimals + 1, '0');
        return $"{digits[..^decimals]}.{digits[^decimals..]}".TrimEnd('0').TrimEnd('.');
    }

    private static void Begin(Utf8JsonWriter writer, string type)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("parsed");
        writer.WriteString("type", type);
        writer.WriteStartObject("info");
    }

    private static void WriteAccount(Utf8JsonWriter writer, TokenAccountData token, byte decimals)
    {
        if (token.CloseAuthority is { } closer) writer.WriteString("closeAuthority", closer.Key);
        if (token.Delegate is { } delegated)
        {
            writer.WriteString("delegate", delegated.Key);
            writer.WritePropertyName("delegatedAmount");
            WriteAmount(writer, token.DelegatedAmount, decimals);
        }
        writer.WriteBoolean("isNative", token.NativeReserve is not null);
        writer.WriteString("mint", token.Mint.Key);
        writer.WriteString("owner", token.Owner.Key);
        if (token.NativeReserve is { } reserve)
        {
            writer.WritePropertyName("rentExemptReserve");
            WriteAmount(writer, reserve, decimals);
        }
        writer.WriteString("state", token.IsFrozen ? "frozen" : "initialized");
        writer.WritePropertyName("tokenAmount");
        WriteAmount(writer, token.Amount, decimals);
    }

    private static void WriteMint(Utf8JsonWriter writer, TokenMintData mint)
    {
        writer.WriteNumber("decimals", mint.Decimals);
        writer.WriteString("freezeAuthority", mint.FreezeAuthority?.Key);
        writer.WriteBoolean("isInitialized", true);
        writer.WriteString("mintAuthority", mint.MintAuthority?.Key);
        writer.WriteString("supply", mint.Supply.ToString(CultureInfo.InvariantCulture));
    }
}
