using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>
/// Decodes and sanitizes transactions as a validator does, apart from the client's own serializer, so that one checks the other.
/// </summary>
internal static class WireDecoder
{
    /// <summary>Largest transaction (<c>PACKET_DATA_SIZE</c>).</summary>
    public const int MaxBytes = 1_232;

    private const int SignatureLength = 64;
    private const int MaxKeys = 256;
    private const byte VersionMark = 0x80;

    private static readonly PublicKey SysvarOwner = new("Sysvar1111111111111111111111111111111111111");

    /// <summary>Keys that are never writable whatever the header says: the runtime demotes them.</summary>
    private static readonly HashSet<PublicKey> Reserved =
    [
        WellKnownAddresses.SystemProgram, WellKnownAddresses.ComputeBudgetProgram, WellKnownAddresses.RentSysvar, SysvarOwner,
        new("SysvarC1ock11111111111111111111111111111111"),
    ];

    public static WireTransaction Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes) throw new TransactionFormatException($"too large: {bytes.Length} bytes (max: {MaxBytes})");
        var reader = new WireReader(bytes);
        byte[][] signatures = new byte[reader.ReadCompact()][];
        for (int i = 0; i < signatures.Length; i++) signatures[i] = reader.Read(SignatureLength).ToArray();
        byte[] message = bytes[reader.Position..].ToArray();
        Content content = ReadMessage(message);
        if (signatures.Length != content.Message.RequiredSignatures)
            throw new TransactionFormatException($"{signatures.Length} signatures for {content.Message.RequiredSignatures} required");
        return new WireTransaction
        {
            Bytes = bytes.ToArray(),
            Signatures = signatures,
            MessageBytes = message,
            Version = content.Version,
            ReadOnly = content.ReadOnly,
            LookupTables = content.LookupTables,
            Message = content.Message,
        };
    }

    /// <summary>Decodes a message alone, as getFeeForMessage takes it.</summary>
    public static ExecutableMessage DecodeMessage(ReadOnlySpan<byte> bytes) => ReadMessage(bytes).Message;

    private static Content ReadMessage(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        int? version = null;
        if ((reader.Peek() & VersionMark) != 0)
        {
            version = reader.ReadByte() & ~VersionMark;
            if (version != 0) throw new TransactionFormatException($"message version {version} is not supported");
        }
        int required = reader.ReadByte(), readOnlySigned = reader.ReadByte(), readOnlyUnsigned = reader.ReadByte();
        PublicKey[] keys = new PublicKey[reader.ReadCompact()];
        for (int i = 0; i < keys.Length; i++) keys[i] = reader.ReadKey();
        PublicKey blockhash = reader.ReadKey();
        CompiledCall[] calls = new CompiledCall[reader.ReadCompact()];
        for (int i = 0; i < calls.Length; i++)
        {
            byte program = reader.ReadByte();
            byte[] accounts = reader.Read(reader.ReadCompact()).ToArray();
            calls[i] = new CompiledCall(program, accounts, reader.Read(reader.ReadCompact()).ToArray());
        }
        var tables = new List<PublicKey>();
        if (version is not null)
        {
            int count = reader.ReadCompact();
            for (int i = 0; i < count; i++)
            {
                tables.Add(reader.ReadKey());
                reader.Read(reader.ReadCompact());
                reader.Read(reader.ReadCompact());
            }
        }
        if (!reader.AtEnd) throw new TransactionFormatException($"{bytes.Length - reader.Position} bytes follow the message");
        Sanitize(keys, required, readOnlySigned, readOnlyUnsigned, calls, hasTables: tables.Count > 0);
        HashSet<PublicKey> called = [.. calls.Where(call => call.ProgramIndex < keys.Length).Select(call => keys[call.ProgramIndex])];
        bool[] writable = [.. keys.Select((key, index) => HeaderWritable(index) && !Reserved.Contains(key) && !called.Contains(key))];
        return new Content(version, (readOnlySigned, readOnlyUnsigned), tables, new ExecutableMessage
        {
            Keys = keys,
            RequiredSignatures = required,
            Writable = writable,
            Instructions = calls,
            RecentBlockhash = blockhash,
        });

        bool HeaderWritable(int index) => index < required ? index < required - readOnlySigned : index < keys.Length - readOnlyUnsigned;
    }

    private static void Sanitize(PublicKey[] keys, int required, int readOnlySigned, int readOnlyUnsigned, CompiledCall[] calls, bool hasTables)
    {
        if (keys.Length > MaxKeys) throw new TransactionFormatException($"{keys.Length} account keys, at most {MaxKeys} are possible");
        if (required == 0 || readOnlySigned >= required) throw new TransactionFormatException("the fee payer must sign and be writable");
        if (required + readOnlyUnsigned > keys.Length) throw new TransactionFormatException("the header counts more keys than there are");
        if (keys.Distinct().Count() != keys.Length) throw new TransactionFormatException("an account key stands twice in the message");
        foreach (CompiledCall call in calls)
        {
            bool outside = call.ProgramIndex >= keys.Length || !hasTables && call.Accounts.Any(index => index >= keys.Length);
            if (outside || call.ProgramIndex == 0)
                throw new TransactionFormatException("an instruction names an account that the message does not have, or the fee payer as its program");
        }
    }

    private sealed record Content(int? Version, (int Signed, int Unsigned) ReadOnly, IReadOnlyList<PublicKey> LookupTables, ExecutableMessage Message);
}

/// <summary>The bytes are not a transaction. The message names the part that is wrong.</summary>
internal sealed class TransactionFormatException(string message) : Exception(message);
