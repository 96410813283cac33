using Nosana.Programs.Instructions;
using Nosana.Programs.Money;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager.Review;

/// <summary>
/// Whether the host signs a transaction that somebody else made. Pure: from its bytes (<see cref="Examine"/>) and from what a
/// simulation says it would do (<see cref="Weigh"/>); only what passes both is signed. The wallet must be the fee payer, every
/// program on the list, no NOS may leave and less than 0.05 SOL. Whatever cannot be read is refused.
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

    /// <summary>What the transaction would do, by simulation.</summary>
    /// <param name="before">The wallet and its accounts of money as they are.</param>
    /// <param name="after">The same accounts after the simulated transaction.</param>
    public static ReviewOutcome Weigh(WalletBalances before, WalletBalances after)
    {
        List<string> lines = [], objections = [];
        Int128 spent = (Int128)before.Lamports - after.Lamports;
        lines.Add($"by simulation the wallet {(spent >= 0 ? "pays" : "receives")} {Sol((UInt128)Int128.Abs(spent))} SOL");
        if (spent >= MaxLamports) objections.Add($"by simulation {Sol((UInt128)spent)} SOL leave the wallet, and less than {Sol(MaxLamports)} may");
        if (!after.IsOrdinary) objections.Add("by simulation the wallet's own account would belong to a program");
        foreach ((PublicKey address, TokenBalances old) in before.Money)
        {
            if (!after.Money.TryGetValue(address, out TokenBalances? fresh))
            {
                objections.Add($"by simulation the token account {address} would be closed");
                continue;
            }
            if (fresh.Amount < old.Amount) objections.Add($"by simulation {old.Amount - fresh.Amount} base units leave the token account {address}");
            if (fresh.Owner != old.Owner) objections.Add($"by simulation the token account {address} would belong to {fresh.Owner}");
            if (fresh.Delegate is { } other && (other != old.Delegate || fresh.DelegatedAmount > old.DelegatedAmount))
                objections.Add($"by simulation {other} could spend from the token account {address}");
            if (fresh.CloseAuthority != old.CloseAuthority) objections.Add($"by simulation {fresh.CloseAuthority} could close the token account {address}");
        }
        foreach ((PublicKey address, TokenBalances made) in after.Money.Where(pair => !before.Money.ContainsKey(pair.Key)))
        {
            if (made.Owner != before.Address || made.Delegate is not null || made.CloseAuthority is not null)
                objections.Add($"by simulation the new token account {address} would not be this host's alone");
        }
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
            : instruction.ProgramId == WellKnownAddresses.TokenMetadataProgram ?
                ReadInstruction.Harmless($"token metadata: instruction {(instruction.Data.Length > 0 ? instruction.Data[0] : "without data")}")
            : NosanaPrograms.Find(wallet.Programs, instruction.ProgramId) is { } program ? NosanaReading.Read(program, instruction, wallet)
            : ReadInstruction.Bad($"unknown program {instruction.ProgramId}",
                $"program {instruction.ProgramId} is not on the list of those that a host signs for");
        bool mayTouchMoney = instruction.ProgramId == WellKnownAddresses.TokenProgram || instruction.ProgramId == WellKnownAddresses.AssociatedTokenProgram;
        if (mayTouchMoney) return read;
        if (instruction.Keys.FirstOrDefault(meta => meta.IsWritable && wallet.MoneyAccounts.Contains(meta.PublicKey)) is not { PublicKey.IsZero: false } money)
            return read;
        return read with { Objections = [.. read.Objections, $"it may change the wallet's token account {money.PublicKey}"] };
    }

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
