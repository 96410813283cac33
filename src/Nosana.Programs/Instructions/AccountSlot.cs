namespace Nosana.Programs.Instructions;

/// <summary>One place in an instruction's account list: the program's name for it (as its error logs print it) and its flags.</summary>
public sealed record AccountSlot(string Name, bool IsSigner, bool IsWritable);
