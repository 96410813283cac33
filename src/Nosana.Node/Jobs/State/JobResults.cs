using Nosana.Node.Logs;

namespace Nosana.Node.Jobs.State;

/// <summary>
/// Makes a flow's state the result of its job: with its output, and in all no more than a budget of bytes as they are sent. The operations share what
/// the rest leaves fairly: what one does not need is the others'. It is read operation by operation, so that no more of it is in memory than is sent.
/// </summary>
internal sealed class JobResults(LogStore logs, LogOptions options)
{
    /// <summary>More than the entry that tells of a cut and the operation's <c>logsDropped</c> take.</summary>
    private const int NoticeBytes = 1 << 10;

    /// <summary>The default budget.</summary>
    public long Bytes => options.JobResultBytes;

    /// <summary>No more is printed: the job's logs are closed.</summary>
    /// <param name="job">Whose output it is.</param>
    /// <param name="flow">Left as it is.</param>
    /// <param name="budget">Bytes. A result that has more even without output is cut as far as it goes, see <see cref="ResultTrim"/>.</param>
    public FlowState Of(string job, FlowState flow, long budget)
    {
        FlowState result = flow.WithoutLogs();
        long notices = (long)NoticeBytes * result.OpStates.Count;
        long left = budget - notices - ResultTrim.Fit(result, budget - notices);
        // The quiet ones first, which need less than their share.
        (OpState Op, OpLog Log)[] ops =
            [.. result.OpStates.Select(op => (Op: op, Log: logs.OpenOrCreate(job, op.OperationId))).OrderBy(op => op.Log.Totals.Bytes)];
        for (int index = 0; index < ops.Length; index++)
        {
            long share = Math.Max(0, left) / (ops.Length - index);
            ResultLogs view = ops[index].Log.ResultView(share);
            ops[index].Op.TakeLogs(view);
            left -= view.Entries.Sum(entry => entry.SentBytes);
            if (view.Dropped is not null) left += view.Entries[0].SentBytes; // counted with the notices
        }
        logs.Close(job);
        return result;
    }
}
