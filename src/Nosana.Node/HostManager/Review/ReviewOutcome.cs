namespace Nosana.Node.HostManager.Review;

/// <summary>What a look at a transaction found.</summary>
/// <param name="Lines">The transaction, decoded: one line for the fee payer, one an instruction.</param>
/// <param name="Objections">Why it must not be signed; empty when it may be.</param>
internal sealed record ReviewOutcome(IReadOnlyList<string> Lines, IReadOnlyList<string> Objections)
{
    public bool MaySign => Objections.Count == 0;
}
