using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.LocalNet.Tests.Support;

/// <summary>A bank with the built-in programs, a funded payer and whatever the test adds.</summary>
internal sealed class TestBank
{
    public const ulong Funds = 1_000_000_000;

    public TestBank(params IOnChainProgram[] programs)
    {
        Bank = new Bank(new BankOptions
        {
            TimeProvider = Time,
            Programs = [.. BuiltInPrograms.Create(), .. programs],
            GenesisHash = Key(200),
        });
        Bank.SetAccount(Payer, new AccountState(Funds, default, default));
    }

    public ManualTimeProvider Time { get; } = new();

    public Bank Bank { get; }

    public PublicKey Payer { get; } = Key(1);

    public static PublicKey Key(byte fill) => new(Enumerable.Repeat(fill, 32).ToArray());

    public ulong Lamports(PublicKey key) => Bank.GetAccount(key)?.Lamports ?? 0;
}
