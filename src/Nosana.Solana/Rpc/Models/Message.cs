using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>The signed part of a transaction: accounts, a recent blockhash and instructions, legacy or v0. Immutable.</summary>
public sealed class Message
{
    private const byte VersionFlag = 0x80;

    internal Message(
        MessageVersion version,
        MessageHeader header,
        IReadOnlyList<PublicKey> accountKeys,
        PublicKey recentBlockhash,
        IReadOnlyList<CompiledInstruction> instructions,
        IReadOnlyList<MessageAddressTableLookup> addressTableLookups)
    {
        Version = version;
        Header = header;
        AccountKeys = accountKeys;
        BlockhashBytes = recentBlockhash;
        Instructions = instructions;
        AddressTableLookups = addressTableLookups;
    }

    public MessageVersion Version { get; }

    public MessageHeader Header { get; }

    /// <summary>The keys written in the message, fee payer first. Keys of lookup tables are not among them.</summary>
    public IReadOnlyList<PublicKey> AccountKeys { get; }

    /// <summary>Base58 text of the 32-byte blockhash.</summary>
    public string RecentBlockhash => BlockhashBytes.Key;

    public IReadOnlyList<CompiledInstruction> Instructions { get; }

    public IReadOnlyList<MessageAddressTableLookup> AddressTableLookups { get; }

    public PublicKey FeePayer => AccountKeys[0];

    /// <summary>The keys that must sign, fee payer first.</summary>
    public IEnumerable<PublicKey> Signers => AccountKeys.Take(Header.RequiredSignatures);

    // A blockhash has the shape of an address: 32 bytes, base58.
    private PublicKey BlockhashBytes { get; }

    /// <summary>
    /// Compiles instructions: keys ordered by privilege (fee payer first, otherwise in order of appearance), each with the union of what the instructions ask
    /// for.
    /// </summary>
    public static Message Compile(
        PublicKey feePayer, IReadOnlyList<TransactionInstruction> instructions, string recentBlockhash, MessageVersion version = MessageVersion.Legacy) =>
        MessageCompiler.Compile(feePayer, instructions, new PublicKey(recentBlockhash), version);

    /// <exception cref="FormatException">The bytes are not exactly one message.</exception>
    public static Message Deserialize(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        MessageVersion version = MessageVersion.Legacy;
        if ((reader.Peek("the header") & VersionFlag) != 0)
        {
            byte marker = reader.Byte("the version");
            if (marker != VersionFlag) throw new FormatException($"Message version {marker & 0x7f} is not known; 0 and legacy are.");
            version = MessageVersion.V0;
        }
        var header = new MessageHeader(reader.Byte("the header"), reader.Byte("the header"), reader.Byte("the header"));
        var keys = new PublicKey[reader.Count("account keys")];
        for (int i = 0; i < keys.Length; i++) keys[i] = reader.Key("the account keys");
        PublicKey blockhash = reader.Key("the blockhash");
        var instructions = new CompiledInstruction[reader.Count("instructions")];
        for (int i = 0; i < instructions.Length; i++)
            instructions[i] =
                new CompiledInstruction(reader.Byte("an instruction"), reader.Vector("an instruction's accounts"), reader.Vector("an instruction's data"));
        MessageAddressTableLookup[] lookups = version == MessageVersion.V0 ? new MessageAddressTableLookup[reader.Count("lookup tables")] : [];
        for (int i = 0; i < lookups.Length; i++)
            lookups[i] = new MessageAddressTableLookup(
                reader.Key("a lookup table"), reader.Vector("a lookup table's writable indexes"), reader.Vector("a lookup table's read-only indexes"));
        if (!reader.AtEnd) throw new FormatException($"{bytes.Length - reader.Offset} bytes follow the end of the message.");
        var message = new Message(version, header, keys, blockhash, instructions, lookups);
        message.CheckIndexes();
        return message;
    }

    public byte[] Serialize()
    {
        var writer = new WireWriter();
        if (Version == MessageVersion.V0) writer.Byte(VersionFlag);
        writer.Byte(Header.RequiredSignatures);
        writer.Byte(Header.ReadOnlySignedAccounts);
        writer.Byte(Header.ReadOnlyUnsignedAccounts);
        writer.Count(AccountKeys.Count);
        foreach (PublicKey key in AccountKeys) writer.Key(key);
        writer.Key(BlockhashBytes);
        writer.Count(Instructions.Count);
        foreach (CompiledInstruction instruction in Instructions)
        {
            writer.Byte(instruction.ProgramIdIndex);
            writer.Vector(instruction.KeyIndices);
            writer.Vector(instruction.Data);
        }
        if (Version == MessageVersion.Legacy) return writer.ToArray();
        writer.Count(AddressTableLookups.Count);
        foreach (MessageAddressTableLookup lookup in AddressTableLookups)
        {
            writer.Key(lookup.AccountKey);
            writer.Vector(lookup.WritableIndexes);
            writer.Vector(lookup.ReadonlyIndexes);
        }
        return writer.ToArray();
    }

    /// <summary>Whether the key at this index (of <see cref="AccountKeys"/>) must sign.</summary>
    public bool IsSigner(int index) => index < Header.RequiredSignatures;

    /// <summary>Whether the key at this index (of <see cref="AccountKeys"/>) is writable.</summary>
    public bool IsWritable(int index) => IsSigner(index)
        ? index < Header.RequiredSignatures - Header.ReadOnlySignedAccounts
        : index < AccountKeys.Count - Header.ReadOnlyUnsignedAccounts;

    /// <summary>The instructions with addresses instead of indexes.</summary>
    /// <exception cref="NotSupportedException">The message loads accounts from lookup tables, whose content is not in it.</exception>
    public IReadOnlyList<TransactionInstruction> Decompile()
    {
        if (AddressTableLookups.Count != 0)
            throw new NotSupportedException(
                "The message loads accounts from address lookup tables; its instructions cannot be shown without reading those from the chain.");
        return
        [
            .. Instructions.Select(instruction => new TransactionInstruction(
                AccountKeys[instruction.ProgramIdIndex],
                [.. instruction.KeyIndices.Select(index => new AccountMeta(AccountKeys[index], IsSigner(index), IsWritable(index)))],
                instruction.Data)),
        ];
    }

    private void CheckIndexes()
    {
        if (Header.RequiredSignatures == 0 || Header.ReadOnlySignedAccounts >= Header.RequiredSignatures
            || Header.RequiredSignatures + Header.ReadOnlyUnsignedAccounts > AccountKeys.Count)
            throw new FormatException(
                $"The message header {Header.RequiredSignatures}/{Header.ReadOnlySignedAccounts}/{Header.ReadOnlyUnsignedAccounts} does not fit " +
                $"{AccountKeys.Count} keys and a writable fee payer.");
        if (AccountKeys.Distinct().Count() != AccountKeys.Count) throw new FormatException("The message names an account twice.");
        int loaded = AccountKeys.Count + AddressTableLookups.Sum(lookup => lookup.WritableIndexes.Length + lookup.ReadonlyIndexes.Length);
        if (loaded > MessageCompiler.MaxAccounts)
            throw new FormatException($"The message has {loaded} accounts; at most {MessageCompiler.MaxAccounts} are possible.");
        for (int i = 0; i < Instructions.Count; i++)
        {
            CompiledInstruction instruction = Instructions[i];
            // A program comes from the message itself and is never the fee payer.
            if (instruction.ProgramIdIndex == 0 || instruction.ProgramIdIndex >= AccountKeys.Count)
                throw new FormatException($"Instruction {i} names program index {instruction.ProgramIdIndex} of {AccountKeys.Count} keys.");
            if (instruction.KeyIndices.Any(index => index >= loaded))
                throw new FormatException($"Instruction {i} names an account beyond the message's {loaded}.");
        }
    }
}
