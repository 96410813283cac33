using Nosana.Programs.Instructions;
using Nosana.Solana.Rpc.Models;

namespace Nosana.Node.HostManager.Review;

/// <summary>
/// Instructions of Nosana's programs. Where the wallet signs, only those are let through that can move neither NOS nor a stake:
/// taking and leaving a place in a queue, and the host's entry in the nodes program.
/// </summary>
internal static class NosanaReading
{
    private static readonly HashSet<(string Program, string Instruction)> s_withoutMoney =
        [("jobs", "work"), ("jobs", "stop"), ("nodes", "register"), ("nodes", "update")];

    public static ReadInstruction Read(ProgramLayout program, TransactionInstruction instruction, ReviewedWallet wallet)
    {
        if (!program.TryDecode(instruction.Data, out DecodedInstruction? decoded))
            return ReadInstruction.Bad($"{program.Name}: unreadable", $"it is an instruction of the {program.Name} program that cannot be read");
        string line = $"{program.Name}: {decoded} {string.Join(' ', instruction.Keys.Select(meta => meta.PublicKey))}";
        bool signs = instruction.Keys.Any(meta => meta.IsSigner && meta.PublicKey == wallet.Address);
        return !signs || s_withoutMoney.Contains((program.Name, decoded.Name))
            ? ReadInstruction.Harmless(line)
            : ReadInstruction.Bad(line, $"'{decoded.Name}' of the {program.Name} program can move NOS, SOL or a stake of the wallet");
    }
}
