namespace Nosana.Node.HostManager.Review;

/// <summary>One instruction, read for the reviewer.</summary>
/// <param name="Line">For a person.</param>
/// <param name="Lamports">What it takes out of the wallet at most, as its data says.</param>
/// <param name="Objections">What is wrong with it by itself.</param>
internal sealed record ReadInstruction(string Line, UInt128 Lamports, IReadOnlyList<string> Objections)
{
    public static ReadInstruction Harmless(string line, UInt128 lamports = default) => new(line, lamports, []);

    public static ReadInstruction Bad(string line, string objection) => new(line, 0, [objection]);
}
