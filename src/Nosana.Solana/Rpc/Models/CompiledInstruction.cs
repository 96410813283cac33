namespace Nosana.Solana.Rpc.Models;

/// <summary>An instruction whose accounts are indexes into the message's keys.</summary>
public sealed record CompiledInstruction(byte ProgramIdIndex, byte[] KeyIndices, byte[] Data);
