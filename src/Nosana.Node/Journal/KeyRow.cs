using Dapper;

namespace Nosana.Node.Journal;

/// <summary>A key that a job's owner granted for SSH, or revoked although the definition has it.</summary>
/// <param name="Key">Algorithm and blob, which are unique in the job.</param>
/// <param name="Line">With its comment.</param>
/// <param name="ExpiresAt">Unix milliseconds; null for no end.</param>
[method: ExplicitConstructor]
internal sealed record KeyRow(string Job, string Key, string Line, long? ExpiresAt, bool Revoked);
