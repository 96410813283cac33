namespace Nosana.Node.Market;

/// <summary>What a slot does, for whoever looks after the machine.</summary>
/// <param name="Text">One line: its place in the queue, its job, or why it is out of the queue.</param>
/// <param name="Since">When the worker said so: with every look at the queue, which it takes every minute unless it serves a job.</param>
/// <param name="IsServing">Whether it serves a job, which takes as long as the job.</param>
internal sealed record SlotState(string Text, DateTimeOffset Since, bool IsServing = false);
