using Nosana.LocalNet.Runtime;
using Nosana.LocalNet.Tests.Support;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Tests.Runtime;

/// <summary>Indexed lookups against a scan over everything.</summary>
public sealed class AccountStoreTests
{
    private const int Accounts = 2_000;
    private static readonly PublicKey Owner = TestBank.Key(9);
    private static readonly byte[] Kind = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public void Query_RandomChanges_EqualsAScan()
    {
        var random = new Random(20261121);
        var store = new AccountStore([new(Owner, Kind, 8, 1), new(Owner, Kind, 9, 2), new(Owner, default, 0, 8)]);
        var plain = new Dictionary<PublicKey, AccountState>();
        for (int i = 0; i < Accounts * 3; i++)
        {
            byte[] key = new byte[32];
            BitConverter.TryWriteBytes(key, random.Next(Accounts));
            AccountState state = random.Next(5) switch
            {
                0 => AccountState.Empty,
                1 => new AccountState(1, TestBank.Key(10), new byte[12]),
                _ => new AccountState(1, Owner, (byte[])[.. random.Next(4) == 0 ? new byte[8] : Kind, (byte)random.Next(3), (byte)random.Next(4), (byte)random.Next(4), 0]),
            };
            var address = new PublicKey(key);
            store.Set(address, state);
            if (state.Lamports == 0) plain.Remove(address);
            else plain[address] = state;
        }
        IReadOnlyList<AccountFilter>[] queries =
        [
            [],
            [AccountFilter.Memcmp(0, Kind)],
            [AccountFilter.Memcmp(0, Kind), AccountFilter.Memcmp(8, new byte[] { 1 })],
            [AccountFilter.Memcmp(9, new byte[] { 2, 3 }), AccountFilter.Memcmp(0, Kind)],
            [AccountFilter.Memcmp(0, (byte[])[.. Kind, 2, 1, 1])],
            [AccountFilter.Memcmp(9, new byte[] { 2 })],
            [AccountFilter.Size(12), AccountFilter.Memcmp(8, new byte[] { 0 })],
            [AccountFilter.Size(11)],
            [AccountFilter.Memcmp(13, new byte[] { 0 })],
        ];
        foreach (IReadOnlyList<AccountFilter> filters in queries)
        {
            var expected = plain.Where(pair => pair.Value.Owner == Owner && filters.All(filter => filter.Matches(pair.Value.Data.Span))).Select(pair => pair.Key).Order();
            Assert.Equal(expected, store.Query(Owner, filters).Select(pair => pair.Key).Order());
        }
        Assert.Equal(plain.Count, store.Count);
    }
}
