using System.Diagnostics.CodeAnalysis;
using Nosana.JobDefinition.Results;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs.State;

/// <summary>How much the operations of a job may extract from their output in all. Whoever comes too late is told so in its result's place.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for: nothing is to be freed.")]
internal sealed class ResultRoom
{
    /// <summary>Half of what a job's result may have: the other half is the output's.</summary>
    public const long Bytes = 8L << 20;

    /// <summary>A match counts for no less than it takes in memory; a pattern may have a thousand groups that match nothing.</summary>
    private const int LeastBytes = 32;

    private readonly SemaphoreSlim _turns = new(1);
    private long _left = Bytes;

    /// <summary>Waits until nobody else extracts; disposing the answer lets the next in.</summary>
    public async Task<IDisposable> EnterAsync()
    {
        await _turns.WaitAsync();
        return new Turn(_turns);
    }

    /// <summary>The value, or, when no room is left for it, the text that says so.</summary>
    public ResultValue Take(string name, ResultValue value)
    {
        long bytes = BytesOf(value);
        if (bytes > _left)
            return ResultValue.Single(
                $"Error: '{name}' has {bytes} bytes, and {_left} of the {Bytes} bytes are left that all results of a job may have together");
        _left -= bytes;
        return value;
    }

    private static long BytesOf(ResultValue value) =>
        value.Items is { } items ? items.Sum(item => Math.Max(LeastBytes, JsonText.BytesOf(item ?? ""))) : JsonText.BytesOf(value.Text!);

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
