using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>A call inside a message: indexes into its keys.</summary>
internal sealed record CompiledCall(int ProgramIndex, byte[] Accounts, byte[] Data);

/// <summary>A message as the runtime runs it: keys with their privileges, calls by index.</summary>
internal sealed class ExecutableMessage
{
    public required PublicKey[] Keys { get; init; }

    /// <summary>The first this many keys sign.</summary>
    public required int RequiredSignatures { get; init; }

    public required bool[] Writable { get; init; }

    public required CompiledCall[] Instructions { get; init; }

    public required PublicKey RecentBlockhash { get; init; }

    public bool IsSigner(int index) => index < RequiredSignatures;

    /// <summary>Builds a message without bytes, for genesis and tests that need no signatures.</summary>
    public static ExecutableMessage Compile(PublicKey feePayer, IReadOnlyList<TransactionInstruction> instructions)
    {
        var privileges = new Dictionary<PublicKey, (bool Signer, bool Writable)> { [feePayer] = (true, true) };
        var order = new List<PublicKey> { feePayer };
        void Add(PublicKey key, bool signer, bool writable)
        {
            if (privileges.TryGetValue(key, out var known)) privileges[key] = (known.Signer || signer, known.Writable || writable);
            else
            {
                privileges[key] = (signer, writable);
                order.Add(key);
            }
        }
        foreach (TransactionInstruction instruction in instructions)
        {
            foreach (AccountMeta meta in instruction.Keys) Add(meta.PublicKey, meta.IsSigner, meta.IsWritable);
        }
        foreach (TransactionInstruction instruction in instructions) Add(instruction.ProgramId, signer: false, writable: false);

        PublicKey[] keys = [.. order.OrderByDescending(key => privileges[key].Signer)];
        var indexes = keys.Select((key, index) => (key, index)).ToDictionary(pair => pair.key, pair => pair.index);
        return new ExecutableMessage
        {
            Keys = keys,
            RequiredSignatures = privileges.Values.Count(privilege => privilege.Signer),
            Writable = [.. keys.Select(key => privileges[key].Writable)],
            Instructions = [.. instructions.Select(instruction => new CompiledCall(
                indexes[instruction.ProgramId],
                [.. instruction.Keys.Select(meta => (byte)indexes[meta.PublicKey])],
                instruction.Data))],
            RecentBlockhash = default,
        };
    }
}
