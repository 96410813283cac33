using System.Buffers.Binary;
using System.Text;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using SystemProgram = Nosana.LocalNet.BuiltIn.SystemProgram;

namespace Nosana.EndToEnd.Tests.Sdk;

/// <summary>
/// Random calls of the system, token and associated token programs over a small cast of accounts. Most of them are sensible, with an
/// account, a signature, a flag or a byte amiss now and then: nonsense alone would never get past a program's first check.
/// </summary>
internal sealed class RandomTransactions(Random random, RandomCast cast)
{
    private static readonly PublicKey s_system = WellKnownAddresses.SystemProgram, s_token = WellKnownAddresses.TokenProgram;

    /// <summary>The first transactions: two mints, one of which may freeze, and some tokens for the first wallets.</summary>
    public IEnumerable<(TransactionInstruction[] Instructions, Account[] Signers)> Opening()
    {
        PublicKey payer = cast.Wallets[0].PublicKey;
        for (int i = 0; i < cast.OwnMints.Length; i++)
        {
            PublicKey mint = cast.OwnMints[i].PublicKey;
            yield return Signed(
                System(0, [.. U64(Rent.MinimumBalance(RandomCast.MintLength)), .. U64(RandomCast.MintLength), .. s_token.KeyBytes], (payer, true, true), (mint, true, true)),
                Token([20, 6, .. payer.KeyBytes, .. i == 0 ? (byte[])[0] : [1, .. payer.KeyBytes]], (mint, false, true)));
            foreach (Account wallet in cast.Wallets.Take(2))
            {
                PublicKey account = RandomCast.Derived(wallet.PublicKey, mint);
                yield return Signed(Create(payer, account, wallet.PublicKey, mint, [1]), Token([7, .. U64(1_000_000)], (mint, false, true), (account, false, true), (payer, true, false)));
            }
        }
    }

    public (TransactionInstruction[] Instructions, Account[] Signers) Next()
    {
        int count = random.Next(10) switch { < 6 => 1, < 9 => 2, _ => 3 };
        return Signed([.. Enumerable.Range(0, count).Select(_ => Spoil(random.Next(3) switch { 0 => SystemCall(), 1 => TokenCall(), _ => AnyCall() }))]);
    }

    private TransactionInstruction AnyCall() => random.Next(6) switch
    {
        0 => SystemCall(),
        1 => Associated(),
        2 => Initialize(),
        _ => TokenCall(),
    };

    private TransactionInstruction SystemCall()
    {
        (PublicKey from, PublicKey to, PublicKey owner) = (cast.One(cast.Wallets), random.Next(8) switch { 0 or 1 => cast.One(cast.Wallets), 2 => cast.TokenAccount(), _ => cast.One(cast.Blanks) }, cast.Owner());
        string seed = new('s', random.Next(3));
        PublicKey seeded = SystemProgram.DeriveWithSeed(from, seed, owner);
        byte[] withSeed = [.. U64((ulong)seed.Length), .. Encoding.UTF8.GetBytes(seed)];
        return random.Next(11) switch
        {
            0 or 1 or 2 => System(0, [.. U64(cast.Lamports(from)), .. U64(cast.Space()), .. owner.KeyBytes], (from, true, true), (to, true, true)),
            3 or 4 => System(2, U64(cast.Lamports(from)), (from, true, true), (random.Next(4) == 0 ? seeded : to, false, true)),
            5 => System(3, [.. from.KeyBytes, .. withSeed, .. U64(cast.Lamports(from)), .. U64(cast.Space()), .. owner.KeyBytes], (from, true, true), (seeded, false, true)),
            6 => System(8, U64(cast.Space()), (to, true, true)),
            7 => System(1, owner.KeyBytes, (to, true, true)),
            8 => System(9, [.. from.KeyBytes, .. withSeed, .. U64(cast.Space()), .. owner.KeyBytes], (seeded, false, true), (from, true, false)),
            9 => System(10, [.. from.KeyBytes, .. withSeed, .. owner.KeyBytes], (seeded, false, true), (from, true, false)),
            _ => System(11, [.. U64(cast.Lamports(seeded)), .. withSeed, .. owner.KeyBytes], (seeded, false, true), (from, true, false), (to, false, true)),
        };
    }

    private TransactionInstruction Initialize()
    {
        (PublicKey account, PublicKey mint, PublicKey owner) = (cast.Blank(), cast.Mint(), cast.One(cast.Wallets));
        if (random.Next(2) == 0 && cast.Data(account).Length == RandomCast.MultisigLength) return Multisig(account);
        return random.Next(6) switch
        {
            0 => Token([1], (account, false, true), (mint, false, false), (owner, false, false), (WellKnownAddresses.RentSysvar, false, false)),
            1 => Token([16, .. owner.KeyBytes], (account, false, true), (mint, false, false), (WellKnownAddresses.RentSysvar, false, false)),
            2 => Token([0, 6, .. owner.KeyBytes, 0], (account, false, true), (WellKnownAddresses.RentSysvar, false, false)),
            3 => Token([22], (account, false, true)),
            _ => Token([18, .. owner.KeyBytes], (account, false, true), (mint, false, false)),
        };
    }

    private TransactionInstruction Multisig(PublicKey account)
    {
        (PublicKey, bool, bool)[] members = [.. cast.Wallets.Take(random.Next(1, 4)).Select(wallet => (wallet.PublicKey, false, false))];
        byte required = (byte)random.Next(0, 4);
        return random.Next(2) == 0
            ? Token([2, required], [(account, false, true), (WellKnownAddresses.RentSysvar, false, false), .. members])
            : Token([19, required], [(account, false, true), .. members]);
    }

    /// <summary>With its members' signatures where a multisig holds the account.</summary>
    private TransactionInstruction TokenCall()
    {
        PublicKey source = cast.TokenAccount(), holder = cast.HolderOf(source);
        TransactionInstruction call = TokenCall(source, holder);
        return cast.Data(holder).Length == RandomCast.MultisigLength
            ? call with { Keys = [.. call.Keys.Select(meta => meta with { IsSigner = false }), .. cast.Wallets.Take(random.Next(4)).Select(wallet => AccountMeta.ReadOnly(wallet.PublicKey, true))] }
            : call;
    }

    private TransactionInstruction TokenCall(PublicKey source, PublicKey holder)
    {
        PublicKey target = cast.TokenAccount(), minter = cast.Wallets[0].PublicKey;
        PublicKey mint = random.Next(8) > 0 && cast.Data(source).Length == RandomCast.TokenLength ? new PublicKey(cast.Data(source)[..32]) : cast.Mint();
        byte[] amount = U64(cast.Amount(source));
        byte decimals = (byte)(random.Next(8) > 0 ? 6 : 9);
        return random.Next(20) switch
        {
            0 or 1 or 2 => Token([3, .. amount], (source, false, true), (target, false, true), (holder, true, false)),
            3 or 4 => Token([12, .. amount, decimals], (source, false, true), (mint, false, false), (target, false, true), (holder, true, false)),
            5 or 6 => Token([7, .. amount], (mint, false, true), (source, false, true), (minter, true, false)),
            7 => Token([14, .. amount, decimals], (mint, false, true), (source, false, true), (minter, true, false)),
            8 => Token([4, .. amount], (source, false, true), (cast.One(cast.Wallets), false, false), (holder, true, false)),
            9 => Token([13, .. amount, decimals], (source, false, true), (mint, false, false), (cast.One(cast.Wallets), false, false), (holder, true, false)),
            10 => Token([5], (source, false, true), (holder, true, false)),
            11 or 12 => Token([9], (source, false, true), (random.Next(8) == 0 ? source : cast.One(cast.Wallets), false, true), (holder, true, false)),
            13 or 14 => Token([6, (byte)(random.Next(6) > 0 ? 2 + random.Next(2) : random.Next(5)), .. Optional(random.Next(5) switch { 0 => null, 1 => cast.One(cast.Blanks), _ => cast.One(cast.Wallets) })], (source, false, true), (holder, true, false)),
            15 => Token([6, (byte)random.Next(3), .. Optional(minter)], (mint, false, true), (minter, true, false)),
            16 => Token([8, .. amount], (source, false, true), (mint, false, true), (holder, true, false)),
            17 => Token([15, .. amount, decimals], (source, false, true), (mint, false, true), (holder, true, false)),
            18 => Token([(byte)(10 + random.Next(2))], (source, false, true), (mint, false, false), (minter, true, false)),
            _ => Token([17], (source, false, true)),
        };
    }

    private TransactionInstruction Associated()
    {
        (PublicKey owner, PublicKey mint) = (cast.One(cast.Wallets), cast.Mint());
        return Create(cast.One(cast.Wallets), random.Next(8) > 0 ? RandomCast.Derived(owner, mint) : cast.Any(), owner, mint, random.Next(3) switch { 0 => [], 1 => [0], _ => [1] });
    }

    /// <summary>Leaves most instructions as they are.</summary>
    private TransactionInstruction Spoil(TransactionInstruction call)
    {
        List<AccountMeta> keys = [.. call.Keys];
        byte[] data = call.Data;
        int place = random.Next(keys.Count);
        switch (random.Next(30))
        {
            case 0 or 1:
                keys[place] = new AccountMeta(cast.Any(), keys[place].IsSigner, keys[place].IsWritable);
                break;
            case 2:
                keys[place] = new AccountMeta(keys[place].PublicKey, false, keys[place].IsWritable);
                break;
            case 3:
                keys[place] = new AccountMeta(keys[place].PublicKey, keys[place].IsSigner, false);
                break;
            case 4:
                keys.RemoveAt(keys.Count - 1);
                break;
            case 5:
                data = data[..random.Next(data.Length + 1)];
                break;
            case 6:
                data = [.. data, 0];
                break;
        }
        return new TransactionInstruction(call.ProgramId, keys, data);
    }

    /// <summary>Drops the signatures that nobody in the cast can give.</summary>
    private (TransactionInstruction[] Instructions, Account[] Signers) Signed(params TransactionInstruction[] calls)
    {
        Dictionary<PublicKey, Account> known = cast.Wallets.Concat(cast.Blanks).Concat(cast.OwnMints).ToDictionary(account => account.PublicKey);
        TransactionInstruction[] signable =
            [.. calls.Select(call => new TransactionInstruction(call.ProgramId, [.. call.Keys.Select(meta => new AccountMeta(meta.PublicKey, meta.IsSigner && known.ContainsKey(meta.PublicKey), meta.IsWritable))], call.Data))];
        Account payer = cast.Wallets[random.Next(8) > 0 ? 0 : random.Next(cast.Wallets.Length)];
        return (signable, [payer, .. signable.SelectMany(call => call.Keys).Where(meta => meta.IsSigner && meta.PublicKey != payer.PublicKey).Select(meta => known[meta.PublicKey]).Distinct()]);
    }

    private static TransactionInstruction System(uint tag, byte[] data, params (PublicKey Key, bool Signs, bool Writes)[] keys) => Call(s_system, [.. BitConverter.GetBytes(tag), .. data], keys);

    private static TransactionInstruction Token(byte[] data, params (PublicKey Key, bool Signs, bool Writes)[] keys) => Call(s_token, data, keys);

    private static TransactionInstruction Create(PublicKey payer, PublicKey account, PublicKey owner, PublicKey mint, byte[] data) => Call(
        WellKnownAddresses.AssociatedTokenProgram, data, (payer, true, true), (account, false, true), (owner, false, false), (mint, false, false), (s_system, false, false), (s_token, false, false));

    private static TransactionInstruction Call(PublicKey program, byte[] data, params (PublicKey Key, bool Signs, bool Writes)[] keys) =>
        new(program, [.. keys.Select(key => new AccountMeta(key.Key, key.Signs, key.Writes))], data);

    private static byte[] Optional(PublicKey? key) => key is { } value ? [1, .. value.KeyBytes] : [0];

    private static byte[] U64(ulong value)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }


}
