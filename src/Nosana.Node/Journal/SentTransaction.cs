using Dapper;

namespace Nosana.Node.Journal;

/// <summary>A transaction that was or was about to be sent: written before the first byte leaves, so that no intent ever has two effects.</summary>
/// <param name="Signature">Base58.</param>
/// <param name="Intent">What it is for: <c>finish:RUN</c>, <c>work:MARKET#MEMBERSHIP</c>.</param>
/// <param name="LastValidBlockHeight">After this height the bytes can no longer land.</param>
/// <param name="State"><c>sent</c>, <c>confirmed</c>, <c>failed</c> or <c>expired</c>.</param>
[method: ExplicitConstructor]
internal sealed record SentTransaction(string Signature, string Intent, ulong LastValidBlockHeight, string State);
