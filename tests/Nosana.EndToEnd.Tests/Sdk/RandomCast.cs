using System.Buffers.Binary;
using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Sdk;

/// <summary>The few accounts that random transactions are about, and choices among them as the chain has them now.</summary>
/// <param name="find">An account as it is now.</param>
internal sealed class RandomCast(Random random, Func<PublicKey, AccountState?> find)
{
    public const int TokenLength = 165, MintLength = 82, MultisigLength = 355;

    private const int StateOffset = 108, AmountOffset = 64;

    public Account[] Wallets { get; } = Accounts(random, 4);

    /// <summary>Accounts that are made, used and closed again.</summary>
    public Account[] Blanks { get; } = Accounts(random, 8);

    public Account[] OwnMints { get; } = Accounts(random, 2);

    /// <summary>Lamports of the wallets at the start: plenty, enough, little, and hardly more than an account must hold.</summary>
    public IEnumerable<(PublicKey Address, ulong Lamports)> Funds => Wallets.Select(wallet => wallet.PublicKey).Zip([100_000_000_000UL, 1_000_000_000UL, 6_000_000UL, 900_000UL]);

    /// <summary>Where token accounts may be.</summary>
    private PublicKey[] TokenAddresses => field ??= [.. Blanks.Select(account => account.PublicKey), .. from wallet in Wallets from mint in Mints select Derived(wallet.PublicKey, mint)];

    public ReadOnlySpan<byte> Data(PublicKey key) => find(key) is { } state ? state.Data.Span : default;

    public PublicKey One(Account[] accounts) => accounts[random.Next(accounts.Length)].PublicKey;

    private PublicKey[] Mints => [.. OwnMints.Select(mint => mint.PublicKey), TokenInitialize.NativeMint];

    public PublicKey Mint() => Mints[random.Next(Mints.Length)];

    public PublicKey Any() => random.Next(5) switch
    {
        0 => One(Wallets),
        1 => One(OwnMints),
        2 => TokenAccount(),
        3 => WellKnownAddresses.SystemProgram,
        _ => One(Blanks),
    };

    public PublicKey Owner() => random.Next(5) switch { 0 => WellKnownAddresses.SystemProgram, 1 => One(Wallets), _ => WellKnownAddresses.TokenProgram };

    /// <summary>An account that is of a token account's size and not one yet, when there is one.</summary>
    public PublicKey Blank() =>
        One([.. Blanks.Where(account => find(account.PublicKey) is { } state && state.Owner == WellKnownAddresses.TokenProgram && (state.Data.Length != TokenLength || state.Data.Span[StateOffset] == 0)), .. Blanks.Take(1)]);

    public PublicKey TokenAccount()
    {
        PublicKey[] candidates = TokenAddresses;
        PublicKey[] live = [.. candidates.Where(key => Data(key).Length == TokenLength && Data(key)[StateOffset] != 0)];
        return live.Length > 0 && random.Next(12) > 0 ? live[random.Next(live.Length)] : candidates[random.Next(candidates.Length)];
    }

    /// <summary>Owner, delegate or close authority.</summary>
    public PublicKey HolderOf(PublicKey account)
    {
        ReadOnlySpan<byte> data = Data(account);
        if (data.Length != TokenLength || random.Next(12) == 0) return One(Wallets);
        return new PublicKey(data.Slice(random.Next(8) switch { 0 or 1 => 76, 2 => 133, _ => 32 }, 32));
    }

    public ulong Amount(PublicKey account)
    {
        ulong held = Data(account).Length == TokenLength ? BinaryPrimitives.ReadUInt64LittleEndian(Data(account)[AmountOffset..]) : 0;
        return random.Next(8) switch { 0 => 0, 1 => held, 2 => held + 1, 3 => held / 2, 4 => ulong.MaxValue, _ => (ulong)random.Next(1_000) };
    }

    public ulong Lamports(PublicKey from)
    {
        ulong held = find(from)?.Lamports ?? 0;
        return random.Next(12) switch
        {
            0 => 0,
            1 => 1,
            2 => Rent.MinimumBalance(0),
            3 => Rent.MinimumBalance(0) - 1,
            4 => Rent.MinimumBalance(MintLength),
            5 => Rent.MinimumBalance(TokenLength) - 1,
            6 => random.Next(6) > 0 ? 5_000 : held,
            7 => held / 2 < 10_000_000 ? held - Math.Min(held, 5_000) : 10_000_000,
            _ => Rent.MinimumBalance(TokenLength),
        };
    }

    public ulong Space() => random.Next(12) switch { 0 => 0, 1 => 1, 2 => MintLength, 3 => 10_241, 4 => MultisigLength, 5 => AccountView.MaxDataLength + 1, _ => TokenLength };

    public static PublicKey Derived(PublicKey owner, PublicKey mint) => AssociatedTokenProgram.Derive(owner, mint).Address;

    private static Account[] Accounts(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        byte[] seed = new byte[32];
        random.NextBytes(seed);
        return Account.FromSeed(seed);
    })];
}
