using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>Turns instructions into a message: one entry a key, privileges united, ordered as the header needs them.</summary>
internal static class MessageCompiler
{
    /// <summary>Indexes are one byte.</summary>
    public const int MaxAccounts = 256;

    public static Message Compile(PublicKey feePayer, IReadOnlyList<TransactionInstruction> instructions, PublicKey blockhash, MessageVersion version)
    {
        // Order of appearance, program before its accounts: the same bytes as @solana/web3.js, which makes differences visible.
        var metas = new OrderedDictionary<PublicKey, AccountMeta> { [feePayer] = AccountMeta.Writable(feePayer, isSigner: true) };
        foreach (TransactionInstruction instruction in instructions)
        {
            Unite(metas, AccountMeta.ReadOnly(instruction.ProgramId, isSigner: false));
            foreach (AccountMeta meta in instruction.Keys) Unite(metas, meta);
        }
        if (metas.Count > MaxAccounts)
            throw new InvalidOperationException($"The instructions name {metas.Count} accounts; a message holds at most {MaxAccounts}.");

        PublicKey[] keys = [.. metas.Values.OrderBy(Rank).Select(meta => meta.PublicKey)]; // OrderBy is stable
        Dictionary<PublicKey, byte> indexes = [];
        for (int i = 0; i < keys.Length; i++) indexes[keys[i]] = (byte)i;
        var header = new MessageHeader(
            (byte)metas.Values.Count(meta => meta.IsSigner),
            (byte)metas.Values.Count(meta => meta is { IsSigner: true, IsWritable: false }),
            (byte)metas.Values.Count(meta => meta is { IsSigner: false, IsWritable: false }));
        CompiledInstruction[] compiled =
        [
            .. instructions.Select(
                instruction =>
                new CompiledInstruction(indexes[instruction.ProgramId], [.. instruction.Keys.Select(meta => indexes[meta.PublicKey])], instruction.Data)),
        ];
        return new Message(version, header, keys, blockhash, compiled, []);
    }

    private static void Unite(OrderedDictionary<PublicKey, AccountMeta> metas, AccountMeta meta)
    {
        metas[meta.PublicKey] = metas.TryGetValue(meta.PublicKey, out AccountMeta known)
            ? new AccountMeta(meta.PublicKey, known.IsSigner || meta.IsSigner, known.IsWritable || meta.IsWritable)
            : meta;
    }

    private static int Rank(AccountMeta meta) => (meta.IsSigner, meta.IsWritable) switch
    {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => 2,
        _ => 3,
    };
}
