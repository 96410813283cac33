using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Builders;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Rpc;

/// <summary>The wallet that airdrops come from. An airdrop is an ordinary transfer, so that it can be looked up like one.</summary>
internal sealed class Faucet(Bank bank, Account wallet)
{
    /// <summary>500 million SOL: the faucet never runs dry.</summary>
    public const ulong InitialLamports = 500_000_000UL * 1_000_000_000UL;

    private const int UnitLimit = 10_000;
    private const int DistinctLimits = 1_000_000;

    private int _count;

    public PublicKey Address => wallet.PublicKey;

    /// <summary>Sends lamports and returns the signature.</summary>
    public string Airdrop(PublicKey to, ulong lamports)
    {
        // Two equal airdrops within one slot would be one transaction: the compute limit tells them apart.
        uint limit = UnitLimit + (uint)(Interlocked.Increment(ref _count) % DistinctLimits);
        byte[] bytes = new TransactionBuilder()
            .SetRecentBlockHash(bank.LatestBlockhash().Hash.Key)
            .SetFeePayer(wallet.PublicKey)
            .AddInstruction(ComputeBudgetProgram.SetComputeUnitLimit(limit))
            .AddInstruction(SystemProgram.Transfer(wallet.PublicKey, to, lamports))
            .Build(wallet);
        WireTransaction transaction = WireDecoder.Decode(bytes);
        TransactionResult result = bank.Send(transaction, preflight: true);
        if (result.Error is { } error) throw new RpcError(RpcError.InternalError, $"airdrop request failed: {ErrorJson.Describe(error)}");
        return SimpleBase.Base58.Bitcoin.Encode(transaction.Signature);
    }
}
