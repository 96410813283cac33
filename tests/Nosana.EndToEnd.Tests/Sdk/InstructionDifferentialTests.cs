using System.Globalization;
using System.Text.Json;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Sdk;

/// <summary>Our calls of the jobs program beside those that <c>@nosana/jobs-program</c> builds from the same random arguments: data, accounts, order and flags.</summary>
public sealed class InstructionDifferentialTests
{
    private const int Seed = 20_261_121;
    private const int CallsPerInstruction = 100;

    // Which accounts sign stands only in the package's type declarations: whoever is declared a TransactionSigner is given as one.
    private const string Script =
        """
        import * as jobs from '@nosana/jobs-program'
        import { createNoopSigner } from '@solana/kit'
        import { readFileSync } from 'node:fs'
        import { fileURLToPath } from 'node:url'
        const folder = new URL('./instructions/', import.meta.resolve('@nosana/jobs-program'))
        const signers = {}
        const signersOf = name => signers[name] ??= (() => {
          const types = readFileSync(fileURLToPath(new URL(name + '.d.ts', folder)), 'utf8')
          const input = types.slice(types.indexOf(name[0].toUpperCase() + name.slice(1) + 'Input<'))
          return new Set([...input.slice(0, input.indexOf('};')).matchAll(/(\w+): TransactionSigner</g)].map(match => match[1]))
        })()
        for (const line of readFileSync(process.argv[1], 'utf8').trimEnd().split('\n')) {
          const call = JSON.parse(line)
          const input = {}
          for (const [name, address] of Object.entries(call.accounts)) input[name] = signersOf(call.name).has(name) ? createNoopSigner(address) : address
          for (const [name, value] of Object.entries(call.arguments)) {
            input[name] = Array.isArray(value) ? new Uint8Array(value) : typeof value === 'string' ? BigInt(value) : value
          }
          const built = jobs['get' + call.name[0].toUpperCase() + call.name.slice(1) + 'Instruction'](input, { programAddress: call.program })
          console.log([Buffer.from(built.data).toString('hex'), built.programAddress, ...built.accounts.map(account => account.address + ':' + account.role)].join(' '))
        }
        """;

    [Fact]
    public async Task Build_AllInstructionsWithRandomArguments_EqualTheOfficialBytes()
    {
        var random = new Random(Seed);
        (InstructionLayout Layout, TransactionInstruction Ours, object[] Arguments)[] calls =
            [.. JobsLayout.Program.Instructions.SelectMany(layout => Enumerable.Range(0, CallsPerInstruction).Select(_ => Random(layout, random)))];
        Assert.Equal(19 * CallsPerInstruction, calls.Length);

        string[] reference = await NodeScript.RunAsync(Script, calls.Select(call => Request(call.Layout, call.Ours, call.Arguments)), TestContext.Current.CancellationToken);

        Assert.Equal(calls.Length, reference.Length);
        Assert.All(calls.Zip(reference), pair => Assert.Equal(pair.Second, Text(pair.First.Ours)));
    }

    private static (InstructionLayout, TransactionInstruction, object[]) Random(InstructionLayout layout, Random random)
    {
        ProgramAddresses addresses = random.Next(2) == 0 ? ProgramAddresses.Mainnet : ProgramAddresses.Devnet;
        var jobs = new JobsInstructions(addresses);
        PublicKey Key() => new(Bytes(32));
        byte[] Bytes(int count)
        {
            byte[] bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }
        long timeout = random.NextInt64(long.MinValue, long.MaxValue);
        byte[] digest = Bytes(32);
        PublicKey vault = Key(), user = Key(), payer = Key();
        var terms = new MarketAccount
        {
            JobExpiration = random.NextInt64(long.MinValue, long.MaxValue),
            JobPrice = (ulong)random.NextInt64(long.MinValue, long.MaxValue),
            JobTimeout = timeout,
            JobType = (JobType)random.Next(256),
            NodeAccessKey = Key(),
            NodeXnosMinimum = new UInt128((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64()),
        };
        object[] none = [];
        (TransactionInstruction call, object[] arguments) = layout.Name switch
        {
            "open" => (jobs.Open(Key(), Key(), terms), (object[])[terms.JobExpiration, terms.JobPrice, terms.JobTimeout, (byte)terms.JobType, terms.NodeXnosMinimum]),
            "update" => (jobs.Update(Key(), Key(), terms), [terms.JobExpiration, terms.JobPrice, (byte)terms.JobType, terms.NodeXnosMinimum, terms.JobTimeout]),
            "close" => (jobs.Close(Key(), user, Key(), vault), none),
            "close_admin" => (jobs.CloseAdmin(Key(), user, Key(), vault), none),
            "assign" => (jobs.Assign(Key(), Key(), Key(), Key(), Key(), digest, timeout, payer, user, vault), [digest, timeout]),
            "list" => (jobs.List(Key(), Key(), Key(), Key(), digest, timeout, payer, user, vault), [digest, timeout]),
            "delist" => (jobs.Delist(Key(), Key(), Key(), payer, user, vault), none),
            "recover" => (jobs.Recover(Key(), Key(), Key(), payer, user, vault), none),
            "extend" => (jobs.Extend(Key(), Key(), Key(), payer, timeout, user, vault), [timeout]),
            "end" => (jobs.End(Key(), Key(), Key(), Key(), Key(), user, payer, vault), none),
            "work" => (jobs.Work(Key(), Key(), Key(), payer, Key(), Key(), Key()), none),
            "stop" => (jobs.Stop(Key(), Key(), Key()), none),
            "claim" => (jobs.Claim(Key(), Key(), Key(), Key(), payer, Key(), Key(), Key()), none),
            "complete" => (jobs.Complete(Key(), Key(), digest), [digest]),
            "finish" => (jobs.Finish(Key(), Key(), Key(), Key(), digest, Key(), user, payer, Key(), vault), [digest]),
            "quit" => (jobs.Quit(Key(), Key(), Key(), payer), none),
            "quit_admin" => (jobs.QuitAdmin(Key(), payer, Key()), none),
            "clean" => (jobs.Clean(Key(), Key(), payer), none),
            "clean_admin" => (jobs.CleanAdmin(Key(), payer, Key()), none),
            _ => throw new InvalidOperationException($"no generator for {layout.Name}"),
        };
        return (layout, call, arguments);
    }

    private static string Request(InstructionLayout layout, TransactionInstruction call, object[] arguments) => JsonSerializer.Serialize(new
    {
        name = Camel(layout.Name),
        program = call.ProgramId.Key,
        accounts = layout.Accounts.Select((slot, i) => (Camel(slot.Name), call.Keys[i].PublicKey.Key)).ToDictionary(),
        arguments = layout.Arguments.Select((argument, i) => (Camel(argument.Name), Value(arguments[i]))).ToDictionary(),
    });

    /// <summary>Bytes as an array, wide integers as text, since JSON's numbers are doubles on the other side.</summary>
    private static object Value(object argument) => argument switch
    {
        byte[] bytes => bytes.Select(b => (int)b).ToArray(),
        byte small => (int)small,
        IFormattable wide => wide.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException(argument.GetType().Name),
    };

    /// <summary>Data, program, then accounts with the official client's role numbers: 1 for writable, 2 for signer.</summary>
    private static string Text(TransactionInstruction call) =>
        string.Join(' ', [Convert.ToHexStringLower(call.Data), call.ProgramId.Key, .. call.Keys.Select(meta => $"{meta.PublicKey}:{(meta.IsSigner ? 2 : 0) + (meta.IsWritable ? 1 : 0)}")]);

    private static string Camel(string snake)
    {
        string pascal = string.Concat(snake.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return char.ToLowerInvariant(pascal[0]) + pascal[1..];
    }
}
