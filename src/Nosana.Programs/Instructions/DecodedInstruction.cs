using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Instructions;

/// <summary>An instruction's data, read: which instruction, with which arguments (boxed, in the layout's order).</summary>
public sealed record DecodedInstruction(InstructionLayout Layout, IReadOnlyList<object> Arguments)
{
    public string Name => Layout.Name;

    /// <summary>An argument by its name.</summary>
    /// <exception cref="ArgumentException">The instruction has no such argument.</exception>
    public T Argument<T>(string name)
    {
        for (int i = 0; i < Arguments.Count; i++)
        {
            if (Layout.Arguments[i].Name == name) return (T)Arguments[i];
        }
        throw new ArgumentException($"Instruction '{Name}' has no argument '{name}'.", nameof(name));
    }

    /// <summary>The address in a named account's place, null when the call was given fewer accounts.</summary>
    public PublicKey? Account(TransactionInstruction instruction, string account)
    {
        int index = Layout.IndexOf(account);
        return index < instruction.Keys.Count ? instruction.Keys[index].PublicKey : null;
    }

    /// <summary>For logs: name and arguments.</summary>
    public override string ToString() => Arguments.Count == 0
        ? Name
        : $"{Name}({string.Join(", ", Arguments.Select((value, i) => $"{Layout.Arguments[i].Name}: {Text(value)}"))})";

    private static object Text(object argument) => argument is byte[] bytes ? Convert.ToHexStringLower(bytes) : argument;
}
