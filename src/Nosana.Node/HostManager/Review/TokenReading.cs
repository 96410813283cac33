using System.Buffers.Binary;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager.Review;

/// <summary>
/// SPL Token's instructions (tags of <c>TokenInstruction</c>, u8). Accounts of money may receive and nothing else; the wallet's other
/// token accounts may give (an old access key back) but are not handed over; what the transaction itself makes is free.
/// </summary>
internal static class TokenReading
{
    private static readonly Dictionary<byte, string> s_names = new()
    {
        [0] = "initialize mint",
        [1] = "initialize account",
        [3] = "transfer",
        [4] = "approve",
        [5] = "revoke",
        [6] = "set authority",
        [7] = "mint to",
        [8] = "burn",
        [9] = "close account",
        [10] = "freeze",
        [11] = "thaw",
        [12] = "transfer checked",
        [13] = "approve checked",
        [14] = "mint to checked",
        [15] = "burn checked",
        [16] = "initialize account",
        [17] = "sync native",
        [18] = "initialize account",
        [20] = "initialize mint",
        [21] = "account size",
        [22] = "initialize immutable owner",
    };

    public static ReadInstruction Read(TransactionInstruction instruction, ReviewedWallet wallet)
    {
        if (instruction.Data.Length == 0 || !s_names.TryGetValue(instruction.Data[0], out string? name))
            return ReadInstruction.Bad("token: unreadable", "it is an instruction of the token program that cannot be read");
        byte tag = instruction.Data[0];
        PublicKey[] keys = [.. instruction.Keys.Select(meta => meta.PublicKey)];
        string line = $"token: {name}{AmountOf(tag, instruction.Data)} {string.Join(' ', keys)}";
        // Places of accounts that only receive: the destination of transfers and of minting, the account that is brought up to date.
        int? receiving = tag switch { 3 => 1, 7 or 14 => 1, 12 => 2, 17 => 0, _ => null };
        List<string> objections = [];
        for (int i = 0; i < keys.Length; i++)
        {
            if (i == receiving || !wallet.Owns(keys[i])) continue;
            if (wallet.MoneyAccounts.Contains(keys[i]) && IsSubject(tag, i))
                objections.Add($"'{name}' takes from, or gives away, the wallet's account of NOS or SOL {keys[i]}");
            else if (tag is 4 or 6 or 13 && IsSubject(tag, i)) objections.Add($"'{name}' hands the wallet's token account {keys[i]} to someone else");
            // Burning, closing and transferring other tokens is the business of the market's access keys; lamports are weighed by simulation.
        }
        return new ReadInstruction(line, 0, objections);
    }

    // Initializing is of accounts that do not exist yet: at the address of an account of money only with the wallet as owner, which the simulation shows.
    private static bool IsSubject(byte tag, int place) => tag is not (1 or 16 or 18 or 21 or 22) && place <= 1;

    private static string AmountOf(byte tag, ReadOnlySpan<byte> data) =>
        tag is 3 or 4 or 7 or 8 or 12 or 13 or 14 or 15 && data.Length >= 9 ? $" {BinaryPrimitives.ReadUInt64LittleEndian(data[1..])}" : "";
}
