namespace Nosana.Programs.Accounts;

/// <summary>What a market's queue holds: one queue, jobs or nodes, never both.</summary>
public enum QueueType : byte
{
    Job = 0,
    Node = 1,
    Empty = 255,
}
