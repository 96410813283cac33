using System.Security.Cryptography;
using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Builders;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Sdk;

/// <summary>
/// The embedded network's built-in programs beside Solana's own: npm's litesvm is the virtual machine of the validators with the system,
/// token and associated token programs in it. Both run the same signed bytes; error, lamports, owner and data must be the same after each.
/// Left out, since the embedded network differs on purpose: nonce accounts and other token programs, which it does not have, the token
/// instructions that only answer a question (amounts as text) or came after the 22nd, compute units, and the sysvars' and programs' own accounts.
/// </summary>
public sealed class VirtualMachineTests
{
    private const int Sequences = 40, TransactionsEach = 60, ToldDifferences = 5;

    // One line a call: FUND ADDRESS LAMPORTS, or SEND BASE64 ADDRESS...; one line an answer. Addresses and data are hexadecimal.
    private const string Script =
        """
        import { createHash } from 'node:crypto'
        import { readFileSync } from 'node:fs'
        import { createRequire } from 'node:module'
        const { Account, LiteSvm } = createRequire(process.cwd() + '/')('litesvm-linux-x64-gnu')
        const machine = new LiteSvm()
        machine.setBlockhashCheck(false)
        machine.withNativeMints()
        const plain = ['AccountInUse', 'AccountLoadedTwice', 'AccountNotFound', 'ProgramAccountNotFound', 'InsufficientFundsForFee', 'InvalidAccountForFee', 'AlreadyProcessed']
        const nameOf = error => typeof error === 'number' ? plain[error] ?? `error ${error}` : error.toString()
          .replace(/^TransactionError(\w+) { index: (\d+), error: (?:InstructionErrorCustom { code: (\d+) }|(\w+)) }$/, (_, name, index, code, word) => `${name}(${index}, ${code ? `Custom(${code})` : word})`)
          .replace(/^TransactionError(\w+) .*$/, '$1')
        const state = address => {
          const account = machine.getAccount(Buffer.from(address, 'hex'))
          if (!account || account.lamports() === 0n) return 'none'
          const data = Buffer.from(account.data())
          return `${account.lamports()}:${Buffer.from(account.owner()).toString('hex')}:${data.length > 400 ? createHash('sha256').update(data).digest('hex') : data.toString('hex')}`
        }
        for (const line of readFileSync(process.argv[1], 'utf8').trimEnd().split('\n')) {
          const [verb, first, ...rest] = line.split(' ')
          if (verb === 'FUND') {
            machine.setAccount(Buffer.from(first, 'hex'), new Account(BigInt(rest[0]), new Uint8Array(), new Uint8Array(32), false, 0n))
            continue
          }
          const result = machine.sendLegacyTransaction(Buffer.from(first, 'base64'))
          console.log([result.err ? nameOf(result.err()).replaceAll(' ', '') : 'ok', ...rest.map(state)].join(' '))
        }
        """;

    [Fact]
    public async Task RandomTransactions_OnBothMachines_EndAlike()
    {
        List<string> calls = [], ours = [], told = [];
        for (int seed = 1; seed <= Sequences; seed++) Play(seed, calls, ours, told);

        string[] theirs = await NodeScript.RunAsync(Script, calls, TestContext.Current.CancellationToken);

        Assert.Equal(ours.Count, theirs.Length);
        int[] apart = [.. Enumerable.Range(0, ours.Count).Where(i => ours[i] != theirs[i])];
        Assert.True(apart.Length == 0, $"{apart.Length} of {ours.Count} differ, first:\n{string.Join("\n\n", apart.Take(ToldDifferences).Select(i => $"{told[i]}\n{Difference(ours[i], theirs[i])}"))}");
        // The comparison is worth something only where much succeeds and the programs' own errors are met.
        Assert.InRange(ours.Count(line => line.StartsWith("ok", StringComparison.Ordinal)), ours.Count / 4, ours.Count * 3 / 4);
        Assert.InRange(ours.Select(line => line.Split(' ')[0]).Where(line => line.Contains("Custom", StringComparison.Ordinal)).Distinct().Count(), 10, 1_000);
    }

    private static void Play(int seed, List<string> calls, List<string> ours, List<string> told)
    {
        var time = new ManualTimeProvider();
        var bank = new Bank(new BankOptions { TimeProvider = time, Programs = BuiltInPrograms.Create(), GenesisHash = new PublicKey(SHA256.HashData([1])) });
        var random = new Random(seed);
        var cast = new RandomCast(random, bank.GetAccount);
        var transactions = new RandomTransactions(random, cast);
        bank.SetAccount(TokenInitialize.NativeMint, new AccountState(Rent.MinimumBalance(TokenLayout.MintLength), WellKnownAddresses.TokenProgram, new TokenMintData { Decimals = 9 }.ToBytes()));
        foreach ((PublicKey address, ulong lamports) in cast.Funds)
        {
            bank.SetAccount(address, new AccountState(lamports, default, default));
            calls.Add($"FUND {Hex(address)} {lamports}");
        }
        foreach ((TransactionInstruction[] instructions, Account[] signers) in transactions.Opening().Concat(Enumerable.Range(0, TransactionsEach).Select(_ => transactions.Next())))
        {
            // A new blockhash, or the same call again would be the same transaction.
            time.Advance(TimeSpan.FromSeconds(1));
            var builder = new TransactionBuilder().SetRecentBlockHash(bank.LatestBlockhash().Hash.Key);
            foreach (TransactionInstruction instruction in instructions) builder.AddInstruction(instruction);
            byte[] bytes = builder.Build(signers);
            WireTransaction wire = WireDecoder.Decode(bytes);
            TransactionResult result = bank.Send(wire, preflight: false);
            PublicKey[] touched = [.. wire.Message.Keys.Where(key => bank.GetAccount(key) is not { Executable: true } && key != WellKnownAddresses.RentSysvar && key != TokenInitialize.NativeMint)];
            calls.Add($"SEND {Convert.ToBase64String(bytes)} {string.Join(' ', touched.Select(Hex))}");
            ours.Add(string.Join(' ', [result.Error?.ToString().Replace(" ", "", StringComparison.Ordinal) ?? "ok", .. touched.Select(key => StateOf(bank.GetAccount(key)))]));
            told.Add($"{string.Join("\n", instructions.Select(call => $"{call.ProgramId} {Convert.ToHexStringLower(call.Data)} {string.Join(' ', call.Keys.Select(meta => $"{meta.PublicKey}{(meta.IsSigner ? "*" : "")}{(meta.IsWritable ? "" : "-")}"))}"))}\n{string.Join("\n", result.Logs)}");
        }
    }

    private static string Difference(string ours, string theirs) =>
        string.Join('\n', ours.Split(' ').Zip(theirs.Split(' ')).Where(pair => pair.First != pair.Second).Select(pair => $"ours   {pair.First}\ntheirs {pair.Second}"));

    private static string StateOf(AccountState? state) => state is null
        ? "none"
        : $"{state.Lamports}:{Hex(state.Owner)}:{Convert.ToHexStringLower(state.Data.Length > 400 ? SHA256.HashData(state.Data.Span) : state.Data.Span)}";

    private static string Hex(PublicKey key) => Convert.ToHexStringLower(key.KeyBytes);
}
