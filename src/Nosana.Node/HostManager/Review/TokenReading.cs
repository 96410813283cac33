using System.Buffers.Binary;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager.Review;

/// <summary>
/// SPL Token's instructions (tags of <c>TokenInstruction</c>, u8). Accounts and mints may be made and the wallet may receive. What it has, it
/// gives only by mint and amount as <see cref="ReviewedWallet.MayGive"/> says; a right over what it has, it gives to nobody.
/// </summary>
internal static class TokenReading
{
    private const byte Transfer = 3, SetAuthority = 6, MintTo = 7, Burn = 8, CloseAccount = 9, TransferChecked = 12, MintToChecked = 14, BurnChecked = 15;

    /// <summary>Kinds of authority, <c>AuthorityType</c>: of a mint to mint and to freeze. The others are of token accounts.</summary>
    private const byte MintTokens = 0, FreezeAccount = 1;

    private static readonly Dictionary<byte, string> s_names = new()
    {
        [0] = "initialize mint",
        [1] = "initialize account",
        [Transfer] = "transfer",
        [4] = "approve",
        [5] = "revoke",
        [SetAuthority] = "set authority",
        [MintTo] = "mint to",
        [Burn] = "burn",
        [CloseAccount] = "close account",
        [10] = "freeze",
        [11] = "thaw",
        [TransferChecked] = "transfer checked",
        [13] = "approve checked",
        [MintToChecked] = "mint to checked",
        [BurnChecked] = "burn checked",
        [16] = "initialize account",
        [17] = "sync native",
        [18] = "initialize account",
        [20] = "initialize mint",
        [21] = "account size",
        [22] = "initialize immutable owner",
    };

    /// <summary>What makes accounts, and what only tells of them.</summary>
    private static readonly HashSet<byte> s_making = [0, 1, 16, 17, 18, 20, 21, 22];

    public static ReadInstruction Read(TransactionInstruction instruction, ReviewedWallet wallet)
    {
        if (instruction.Data.Length == 0 || !s_names.TryGetValue(instruction.Data[0], out string? name) || instruction.Keys.Count == 0)
            return ReadInstruction.Bad("token: unreadable", "it is an instruction of the token program that cannot be read");
        byte tag = instruction.Data[0];
        PublicKey[] keys = [.. instruction.Keys.Select(meta => meta.PublicKey)];
        ulong? amount = AmountOf(tag, instruction.Data);
        string line = $"token: {name}{(amount is null ? "" : $" {amount}")} {string.Join(' ', keys)}";
        if (s_making.Contains(tag)) return ReadInstruction.Harmless(line);
        string? objection = tag switch
        {
            Transfer or TransferChecked or Burn or BurnChecked when amount is { } taken => ObjectionToTaking(name, keys, AuthorityPlace(tag), taken, wallet),
            CloseAccount => ObjectionToTaking(name, keys, AuthorityPlace(tag), 0, wallet) ?? ObjectionToRent(keys, wallet),
            MintTo or MintToChecked => IsBy(wallet, keys, AuthorityPlace(tag)) && wallet.Exists(keys[0])
                ? $"'{name}' mints more of {keys[0]}, which is the wallet's own to mint"
                : null,
            // A new mint may be handed on to whoever issues it.
            SetAuthority when instruction.Data.Length > 1 && instruction.Data[1] is MintTokens or FreezeAccount && !wallet.Exists(keys[0]) => null,
            _ => $"'{name}' of {keys[0]} gives somebody a right over it, or takes one, and is nothing that a host signs",
        };
        return objection is null ? ReadInstruction.Harmless(line) : ReadInstruction.Bad(line, objection);
    }

    private static string? ObjectionToTaking(string name, PublicKey[] keys, int authority, ulong amount, ReviewedWallet wallet)
    {
        // Also out of an account of somebody else, when it is the wallet that allows it.
        if (!wallet.Owns(keys[0]) && !IsBy(wallet, keys, authority)) return null;
        return wallet.TokenAt(keys[0]) is { } token && wallet.MayGive.TryGetValue(token.Mint, out ulong most) && amount <= most
            ? null
            : $"'{name}' takes from, or gives away, the token account {keys[0]}, of which nothing may leave";
    }

    private static string? ObjectionToRent(PublicKey[] keys, ReviewedWallet wallet) => wallet.Owns(keys[0]) && (keys.Length < 2 || keys[1] != wallet.Address)
        ? $"the rent of the token account {keys[0]} would not come back to the wallet"
        : null;

    // Behind the authority stand the signers of one that is several.
    private static bool IsBy(ReviewedWallet wallet, PublicKey[] keys, int authority) => keys.Skip(authority).Contains(wallet.Address);

    private static int AuthorityPlace(byte tag) => tag == TransferChecked ? 3 : 2;

    private static ulong? AmountOf(byte tag, ReadOnlySpan<byte> data) =>
        tag is Transfer or 4 or MintTo or Burn or TransferChecked or 13 or MintToChecked or BurnChecked && data.Length >= 9
            ? BinaryPrimitives.ReadUInt64LittleEndian(data[1..])
            : null;
}
