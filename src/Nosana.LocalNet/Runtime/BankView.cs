using Nosana.LocalNet.Faults;
using Nosana.LocalNet.Rpc;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>The bank as one RPC node has seen it so far.</summary>
internal sealed class BankView(Bank bank, NodeFaults faults)
{
    /// <summary>The node's newest slot.</summary>
    public ulong Slot => bank.SlotBefore(Lag);

    private int Lag => Math.Clamp(faults.LagSlots, 0, NodeFaults.MostLag);

    public AccountState? GetAccount(PublicKey key) => GetAccounts([key]).Accounts[0];

    /// <summary>Accounts at one instant, in the order of the keys.</summary>
    public (ulong Slot, AccountState?[] Accounts) GetAccounts(IReadOnlyList<PublicKey> keys) => bank.GetAccounts(keys, Lag);

    /// <summary>Accounts of a program that match all filters.</summary>
    public (ulong Slot, IReadOnlyList<KeyValuePair<PublicKey, AccountState>> Accounts) Query(PublicKey owner, IReadOnlyList<AccountFilter> filters) =>
        bank.Query(owner, filters, Lag);

    /// <exception cref="RpcError">The caller has seen a later slot than this one.</exception>
    public void Check(RpcOptions options, ulong slot)
    {
        if (!faults.IgnoresMinContextSlot) MinContextSlot.Check(options, slot);
    }
}
