using Nosana.Programs.Instructions;
using Nosana.Programs.Money;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager.Review;

/// <summary>
/// Whether the host signs a transaction that somebody else made, as far as its bytes say it; what it would do, <see cref="SimulationReview"/>
/// weighs, and only what passes both is signed. The wallet must be the fee payer, every program and every instruction on the list; less than
/// 0.05 SOL may leave, and of tokens what <see cref="ReviewedWallet.MayGive"/> names by mint and amount. Whatever cannot be read is refused.
/// </summary>
internal static class TransactionReview
{
    /// <summary>What leaves the wallet must be less: 0.05 SOL, fees and rents included.</summary>
    public const ulong MaxLamports = 50_000_000;

    private const ulong LamportsPerSignature = 5_000;

    /// <summary>The runtime's allowance of an instruction where no limit is set.</summary>
    private const ulong DefaultUnitsPerInstruction = 200_000;

    /// <summary>What the transaction's own bytes say.</summary>
    public static ReviewOutcome Examine(Transaction transaction, ReviewedWallet wallet)
    {
        Message message = transaction.Message;
        List<string> lines = [$"fee payer {message.FeePayer}"], objections = [];
        if (message.FeePayer != wallet.Address) objections.Add($"the fee payer is {message.FeePayer}, not this host's wallet {wallet.Address}");
        foreach (PublicKey signer in transaction.MissingSigners.Where(signer => signer != wallet.Address))
            objections.Add($"the signature of {signer} is missing");
        if (message.AddressTableLookups.Count > 0)
        {
            objections.Add($"it loads accounts from {message.AddressTableLookups.Count} address lookup table(s), so that its bytes do not say what it touches");
            return new ReviewOutcome(lines, objections);
        }
        if (message.Instructions.Count == 0) objections.Add("it has no instruction");
        UInt128 lamports = Fee(message);
        foreach (TransactionInstruction instruction in message.Decompile())
        {
            ReadInstruction read = Read(instruction, wallet);
            lines.Add(read.Line);
            objections.AddRange(read.Objections.Select(objection => $"instruction {lines.Count - 1}: {objection}"));
            lamports += read.Lamports;
        }
        lines.Add($"at most {Sol(lamports)} SOL of fees, transfers and new accounts, as far as the instructions say");
        if (lamports >= MaxLamports) objections.Add($"it takes {Sol(lamports)} SOL, and less than {Sol(MaxLamports)} may leave");
        return new ReviewOutcome(lines, objections);
    }

    private static ReadInstruction Read(TransactionInstruction instruction, ReviewedWallet wallet)
    {
        ReadInstruction read =
            instruction.ProgramId == WellKnownAddresses.SystemProgram ? SystemReading.Read(instruction, wallet)
            : instruction.ProgramId == WellKnownAddresses.TokenProgram ? TokenReading.Read(instruction, wallet)
            : instruction.ProgramId == WellKnownAddresses.AssociatedTokenProgram ? AssociatedTokenReading.Read(instruction, wallet)
            : instruction.ProgramId == WellKnownAddresses.ComputeBudgetProgram ?
                ReadInstruction.Harmless($"compute budget: {ComputeBudgetReading.Describe(instruction.Data)}")
            : instruction.ProgramId == WellKnownAddresses.TokenMetadataProgram ? MetadataReading.Read(instruction)
            : NosanaPrograms.Find(wallet.Programs, instruction.ProgramId) is { } program ? NosanaReading.Read(program, instruction, wallet)
            : ReadInstruction.Bad($"unknown program {instruction.ProgramId}",
                $"program {instruction.ProgramId} is not on the list of those that a host signs for");
        // Those two say which tokens they touch; of the others the list of accounts alone tells.
        if (instruction.ProgramId == WellKnownAddresses.TokenProgram || instruction.ProgramId == WellKnownAddresses.AssociatedTokenProgram) return read;
        PublicKey[] touched = [.. instruction.Keys.Where(meta => meta.IsWritable && wallet.Owns(meta.PublicKey) && !MayGiveFrom(wallet, meta.PublicKey))
            .Select(meta => meta.PublicKey).Distinct()];
        return read with { Objections = [.. read.Objections, .. touched.Select(account => $"it may change the wallet's token account {account}")] };
    }

    private static bool MayGiveFrom(ReviewedWallet wallet, PublicKey account) =>
        wallet.TokenAt(account) is { } token && wallet.MayGive.ContainsKey(token.Mint);

    /// <summary>Signatures, and the compute budget's price for the whole limit.</summary>
    private static UInt128 Fee(Message message)
    {
        UInt128 limit = DefaultUnitsPerInstruction * (UInt128)message.Instructions.Count, price = 0;
        foreach (CompiledInstruction instruction in message.Instructions)
        {
            if (message.AccountKeys[instruction.ProgramIdIndex] != WellKnownAddresses.ComputeBudgetProgram) continue;
            limit = ComputeBudgetReading.Limit(instruction.Data) ?? limit;
            price = ComputeBudgetReading.Price(instruction.Data) ?? price;
        }
        return LamportsPerSignature * (UInt128)message.Header.RequiredSignatures + (limit * price + 999_999) / 1_000_000;
    }

    private static string Sol(UInt128 lamports) => lamports <= ulong.MaxValue ? Amount.FormatSol((ulong)lamports) : $"{lamports / 1_000_000_000}";
}
