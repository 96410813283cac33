using Nosana.Programs.Borsh;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Instructions;

/// <summary>The wire form of one instruction: discriminator, arguments and account list, each in order.</summary>
public sealed class InstructionLayout
{
    /// <param name="name">The program's name, snake case.</param>
    /// <param name="accounts">Account names in order, with flags behind a colon: "job:ws" is writable and signs.</param>
    /// <param name="arguments">Arguments in order.</param>
    internal InstructionLayout(string name, string[] accounts, params ArgumentLayout[] arguments)
    {
        Name = name;
        Discriminator = AnchorDiscriminator.OfInstruction(name);
        Arguments = arguments;
        Accounts = [.. accounts.Select(ParseSlot)];
    }

    public string Name { get; }

    public ReadOnlyMemory<byte> Discriminator { get; }

    public IReadOnlyList<ArgumentLayout> Arguments { get; }

    public IReadOnlyList<AccountSlot> Accounts { get; }

    /// <summary>Place of an account in the list.</summary>
    /// <exception cref="ArgumentException">No account of that name.</exception>
    public int IndexOf(string account)
    {
        for (int i = 0; i < Accounts.Count; i++)
        {
            if (Accounts[i].Name == account) return i;
        }
        throw new ArgumentException($"Instruction '{Name}' has no account '{account}': {string.Join(", ", Accounts.Select(a => a.Name))}.", nameof(account));
    }

    /// <summary>Discriminator and arguments.</summary>
    public byte[] Encode(params ReadOnlySpan<object> arguments)
    {
        if (arguments.Length != Arguments.Count)
            throw new ArgumentException($"Instruction '{Name}' takes {Arguments.Count} arguments, not {arguments.Length}.", nameof(arguments));
        var writer = new BorshWriter();
        writer.Bytes(Discriminator.Span);
        for (int i = 0; i < arguments.Length; i++) Arguments[i].Write(writer, arguments[i]);
        return writer.ToArray();
    }

    /// <summary>The call, each address in the place and with the flags that the program expects.</summary>
    public TransactionInstruction Build(PublicKey programId, ReadOnlySpan<PublicKey> accounts, params ReadOnlySpan<object> arguments)
    {
        if (accounts.Length != Accounts.Count)
            throw new ArgumentException($"Instruction '{Name}' takes {Accounts.Count} accounts, not {accounts.Length}.", nameof(accounts));
        var keys = new AccountMeta[accounts.Length];
        for (int i = 0; i < keys.Length; i++) keys[i] = new AccountMeta(accounts[i], Accounts[i].IsSigner, Accounts[i].IsWritable);
        return new TransactionInstruction(programId, keys, Encode(arguments));
    }

    /// <summary>Reads the arguments; bytes behind them are ignored, as the programs do.</summary>
    internal bool TryDecodeArguments(ReadOnlySpan<byte> data, out object[] arguments)
    {
        var reader = new BorshReader(data[AnchorDiscriminator.Length..]);
        arguments = new object[Arguments.Count];
        for (int i = 0; i < arguments.Length; i++) arguments[i] = Arguments[i].Read(ref reader);
        return !reader.Failed;
    }

    public override string ToString() => Name;

    private static AccountSlot ParseSlot(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? new AccountSlot(text, IsSigner: false, IsWritable: false)
            : new AccountSlot(text[..colon], text.AsSpan(colon).Contains('s'), text.AsSpan(colon).Contains('w'));
    }
}

/// <summary>One place in an instruction's account list: the program's name for it (as its error logs print it) and its flags.</summary>
public sealed record AccountSlot(string Name, bool IsSigner, bool IsWritable);
