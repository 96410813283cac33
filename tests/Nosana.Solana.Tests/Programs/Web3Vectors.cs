using System.Text.Json;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Tests.Programs;

/// <summary>Instructions and transactions made with @solana/web3.js and @solana/spl-token (Vectors/web3-transactions.json).</summary>
internal static class Web3Vectors
{
    private static readonly JsonElement Root = Load();

    public static string Blockhash => Root.GetProperty("blockhash").GetString()!;

    public static IEnumerable<string> InstructionNames => Root.GetProperty("instructions").EnumerateObject().Select(property => property.Name);

    public static int TransactionCount => Root.GetProperty("transactions").GetArrayLength();

    public static TransactionInstruction Instruction(string name)
    {
        JsonElement vector = Root.GetProperty("instructions").GetProperty(name);
        return new TransactionInstruction(
            new PublicKey(vector.GetProperty("program").GetString()!),
            [.. vector.GetProperty("keys").EnumerateArray().Select(key => new AccountMeta(new PublicKey(key.GetProperty("key").GetString()!), key.GetProperty("signer").GetBoolean(), key.GetProperty("writable").GetBoolean()))],
            Convert.FromHexString(vector.GetProperty("data").GetString()!));
    }

    public static TransactionVector Transaction(int index)
    {
        JsonElement vector = Root.GetProperty("transactions")[index];
        return new TransactionVector(
            vector.GetProperty("version").GetString() == "v0" ? MessageVersion.V0 : MessageVersion.Legacy,
            [.. vector.GetProperty("instructions").EnumerateArray().Select(name => Instruction(name.GetString()!))],
            [.. vector.GetProperty("signerSeeds").EnumerateArray().Select(seed => seed.GetByte())],
            vector.GetProperty("message").GetBytesFromBase64(),
            vector.GetProperty("transaction").GetBytesFromBase64());
    }

    private static JsonElement Load()
    {
        using Stream stream = typeof(Web3Vectors).Assembly.GetManifestResourceStream("web3-transactions.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }

    internal sealed record TransactionVector(MessageVersion Version, TransactionInstruction[] Instructions, byte[] SignerSeeds, byte[] Message, byte[] Transaction);
}
