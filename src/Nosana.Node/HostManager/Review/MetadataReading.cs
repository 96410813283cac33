using Nosana.Solana.Rpc.Models;

namespace Nosana.Node.HostManager.Review;

/// <summary>
/// Metaplex's token metadata program (positions in its <c>MetadataInstruction</c>). Those that make a token an access key or destroy one are
/// let through, and the simulation weighs what they do; those that move a token, lend it out or lock it are not.
/// </summary>
internal static class MetadataReading
{
    private static readonly Dictionary<byte, string> s_expected = new()
    {
        [17] = "create master edition",
        [18] = "verify collection",
        [25] = "set and verify collection",
        [29] = "burn NFT",
        [30] = "verify sized collection item",
        [32] = "set and verify sized collection item",
        [33] = "create metadata",
        [41] = "burn",
        [42] = "create",
        [43] = "mint",
        [52] = "verify",
    };

    public static ReadInstruction Read(TransactionInstruction instruction)
    {
        if (instruction.Data.Length > 0 && s_expected.TryGetValue(instruction.Data[0], out string? name))
            return ReadInstruction.Harmless($"token metadata: {name} {string.Join(' ', instruction.Keys.Select(meta => meta.PublicKey))}");
        string which = instruction.Data.Length > 0 ? $"{instruction.Data[0]}" : "without data";
        return ReadInstruction.Bad($"token metadata: instruction {which}", $"instruction {which} of the token metadata program is none that a host signs");
    }
}
