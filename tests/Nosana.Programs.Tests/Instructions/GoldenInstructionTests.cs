using System.Text.Json;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Programs.Tests.Golden;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Tests.Instructions;

/// <summary>Calls built by the official client from the same keys: program, data, account order and flags are equal.</summary>
public sealed class GoldenInstructionTests
{
    private static readonly PublicKey Wallet = new(GoldenFile.Kit.GetProperty("keys").GetProperty("wallet").Text("address"));
    private static readonly PublicKey Node = new(GoldenFile.Kit.GetProperty("keys").GetProperty("node").Text("address"));
    private static readonly PublicKey Market = new("3BuW9SR5tG6VFK4MmkQQ3Ak8ny1K1Vv5Uz7is8Aa5pwG");
    private static readonly PublicKey Job = new("FMUEmtxhU46GzhKF4FW9MLJdQWiLgjiXP9TYRWSrqTpV");
    private static readonly PublicKey Run = new("4MfyR4G3NWfVRDWo6iNAHDBZqWMgwZX6FNtMqEW3a9JT");
    private static readonly byte[] Digest = Convert.FromHexString("924301b36fefe50cd83c93a0686d2e25ce05da34b50cd79d04328ef3d0ec8cf6");

    public static TheoryData<string> Names => new(GoldenFile.Kit.GetProperty("instructions").EnumerateArray().Select(e => e.Text("name")));

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_CallOfTheOfficialClient_IsEqual(string name)
    {
        JsonElement expected = GoldenFile.Kit.GetProperty("instructions").EnumerateArray().Single(e => e.Text("name") == name);
        PublicKey[] given = [.. expected.GetProperty("accounts").EnumerateArray().Select(a => new PublicKey(a.Text("address")))];
        var jobs = new JobsInstructions(ProgramAddresses.Mainnet);
        TransactionInstruction built = name switch
        {
            "list" => jobs.List(Job, Market, Run, Wallet, Digest, 600),
            "assign" => jobs.Assign(Job, Market, Run, Node, Wallet, Digest, 600),
            // The client was given stand-ins for these accounts; all others are ours to find.
            "work" => jobs.Work(Run, Market, Node, stake: given[3], nft: given[4]),
            "finish" => jobs.Finish(Job, Market, Run, Node, Digest, deposit: given[4], user: given[5], payerRun: Node, payerJob: Wallet),
            "complete" => jobs.Complete(Job, Node, Digest),
            "quit" => jobs.Quit(Job, Run, Node),
            "stop" => jobs.Stop(Market, Node),
            "extend" => jobs.Extend(Job, Market, Wallet, Wallet, 1200),
            "delist" => jobs.Delist(Job, Market, Wallet, Wallet),
            "end" => jobs.End(Job, Market, Run, Wallet, deposit: given[3], user: given[4], payer: Wallet),
            "claim" => jobs.Claim(Job, Run, Market, Node, stake: given[3], nft: given[4]),
            _ => throw new ArgumentException(name),
        };
        Assert.Equal(expected.Text("program"), built.ProgramId.Key);
        Assert.Equal(expected.Text("data"), built.Data.Hex());
        Assert.Equal(expected.GetProperty("accounts").EnumerateArray().Select(a => $"{a.Text("address")} {a.Text("role")}"), built.Keys.Select(k => $"{k.PublicKey} {Role(k)}"));
    }

    [Fact]
    public void List_CapturedCall_IsEqual()
    {
        JsonElement capture = GoldenFile.Capture.GetProperty("list_sdk_capture");
        PublicKey[] accounts = [.. capture.GetProperty("accounts").EnumerateArray().Select(a => new PublicKey(a.GetString()!))];
        PublicKey payer = new(GoldenFile.Capture.Text("payer"));
        TransactionInstruction built = new JobsInstructions(ProgramAddresses.Mainnet).List(
            accounts[0], new PublicKey(capture.Text("market")), accounts[2], payer, Convert.FromHexString(GoldenFile.Capture.Text("confidential_stub_sha256")), 600);
        Assert.Equal(capture.Text("data_hex"), built.Data.Hex());
        Assert.Equal(accounts, built.Keys.Select(k => k.PublicKey));
    }

    [Fact]
    public void Finish_OfAccounts_FindsEveryAddressInThem()
    {
        var job = new JobAccount { Market = Market, Payer = Wallet, Project = Wallet, Price = 48, Timeout = 600 };
        var run = new RunAccount { Job = Job, Node = Node, Payer = Node };
        ProgramAddresses mainnet = ProgramAddresses.Mainnet;
        var jobs = new JobsInstructions(mainnet);
        PublicKey vault = mainnet.MarketVault(Market).Address;
        Assert.Equal(
            [Job, Run, Market, vault, mainnet.NosTokenAccount(Wallet), mainnet.NosTokenAccount(Node), Node, Wallet, Node, WellKnownAddresses.TokenProgram],
            jobs.Finish(Job, job, Run, run, Digest).Keys.Select(k => k.PublicKey));
        Assert.Equal(vault, jobs.Finish(Job, job with { Price = 0 }, Run, run, Digest).Keys[4].PublicKey);
        Assert.Equal(
            [Job, Market, Run, mainnet.NosTokenAccount(Wallet), mainnet.NosTokenAccount(Node), vault, Node, Wallet, WellKnownAddresses.TokenProgram],
            jobs.End(Job, job, Run, run, Wallet).Keys.Select(k => k.PublicKey));
    }

    private static string Role(AccountMeta key) => (key.IsSigner, key.IsWritable) switch
    {
        (true, true) => "WRITABLE_SIGNER",
        (true, false) => "READONLY_SIGNER",
        (false, true) => "WRITABLE",
        _ => "READONLY",
    };
}
