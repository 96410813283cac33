using System.Text.Json;
using Nosana.LocalNet.Faults;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Rpc;

/// <summary>Methods that read accounts.</summary>
internal sealed class AccountMethods(BankView bank, LocalNetFaults faults)
{
    private const int MaxMultipleAccounts = 100;

    public IEnumerable<KeyValuePair<string, RpcMethod>> Methods =>
    [
        new("getAccountInfo", GetAccountInfo),
        new("getMultipleAccounts", GetMultipleAccounts),
        new("getProgramAccounts", GetProgramAccounts),
        new("getBalance", GetBalance),
        new("getMinimumBalanceForRentExemption", GetMinimumBalance),
    ];

    private void GetAccountInfo(RpcParameters parameters, Utf8JsonWriter writer)
    {
        PublicKey key = parameters.Key(0);
        RpcOptions options = parameters.Options(1);
        AccountEncoding encoding = AccountEncoding.Read(options);
        (ulong slot, AccountState?[] accounts) = bank.GetAccounts([key]);
        bank.Check(options, slot);
        writer.BeginContext(slot);
        encoding.Write(writer, accounts[0], bank.GetAccount);
        writer.WriteEndObject();
    }

    private void GetMultipleAccounts(RpcParameters parameters, Utf8JsonWriter writer)
    {
        IReadOnlyList<string> texts = parameters.Texts(0);
        if (texts.Count > MaxMultipleAccounts) throw new RpcError(RpcError.InvalidParameters, $"Too many inputs provided; max {MaxMultipleAccounts}");
        RpcOptions options = parameters.Options(1);
        AccountEncoding encoding = AccountEncoding.Read(options, whenAbsent: "base64");
        (ulong slot, AccountState?[] accounts) = bank.GetAccounts([.. texts.Select(RpcParameters.ParseKey)]);
        bank.Check(options, slot);
        writer.BeginContext(slot);
        writer.WriteStartArray();
        foreach (AccountState? account in accounts) encoding.Write(writer, account, bank.GetAccount);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void GetProgramAccounts(RpcParameters parameters, Utf8JsonWriter writer)
    {
        PublicKey program = parameters.Key(0);
        if (faults.ProgramAccountsDisabled)
            throw new RpcError(RpcError.ExcludedFromIndex, $"{program} excluded from account secondary indexes; this RPC method unavailable for key");
        RpcOptions options = parameters.Options(1);
        AccountEncoding encoding = AccountEncoding.Read(options);
        (ulong slot, IReadOnlyList<KeyValuePair<PublicKey, AccountState>> accounts) = bank.Query(program, FilterParser.Read(options));
        bank.Check(options, slot);
        bool withContext = options.Flag("withContext");
        if (withContext) writer.BeginContext(slot);
        writer.WriteStartArray();
        foreach ((PublicKey key, AccountState account) in accounts)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("account");
            encoding.Write(writer, account, bank.GetAccount);
            writer.WriteString("pubkey", key.Key);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (withContext) writer.WriteEndObject();
    }

    private void GetBalance(RpcParameters parameters, Utf8JsonWriter writer)
    {
        (ulong slot, AccountState?[] accounts) = bank.GetAccounts([parameters.Key(0)]);
        bank.Check(parameters.Options(1), slot);
        writer.BeginContext(slot);
        writer.WriteNumberValue(accounts[0]?.Lamports ?? 0);
        writer.WriteEndObject();
    }

    private static void GetMinimumBalance(RpcParameters parameters, Utf8JsonWriter writer)
    {
        ulong length = parameters.Number(0);
        if (length > AccountView.MaxDataLength) throw RpcError.Parameter($"an account holds at most {AccountView.MaxDataLength} bytes");
        writer.WriteNumberValue(Rent.MinimumBalance((int)length));
    }
}
