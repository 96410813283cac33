using System.Text.Json.Nodes;
using Nosana.Ipfs;
using Nosana.Node.Hosting;
using Nosana.Node.Posting;
using Nosana.Programs.Accounts;
using Nosana.Programs.Money;

namespace Nosana.Node.Cli;

/// <summary>What <c>job post</c> and <c>job get</c> say of a job, and of its end by their exit code.</summary>
internal static class JobAnswer
{
    public static JsonObject Describe(FoundJob found)
    {
        JobAccount account = found.Job;
        bool done = account.State == JobState.Done;
        return new JsonObject
        {
            ["job"] = found.Address.Key,
            ["state"] = found.State,
            ["market"] = account.Market.Key,
            ["node"] = found.Node.IsZero ? null : found.Node.Key,
            ["payer"] = account.Payer.Key,
            ["project"] = account.Project.Key,
            ["price"] = account.Price,
            ["timeout"] = account.Timeout,
            ["timeStart"] = found.TimeStart == 0 ? null : found.TimeStart,
            ["timeEnd"] = done ? account.TimeEnd : null,
            ["paidMicroNos"] = done ? JobPayment.Reimbursement(account.Price, account.TimeStart, account.TimeEnd, account.Timeout) : null,
            ["definition"] = Cid.FromDigest(account.IpfsJob).ToString(),
            ["resultCid"] = account.HasResult ? Cid.FromDigest(account.IpfsResult).ToString() : null,
        };
    }

    /// <summary>Adds how the job ended and why to its facts.</summary>
    public static void Add(JsonObject facts, JobEnd end, JsonNode? result)
    {
        facts["end"] = end.Word;
        facts["reason"] = end.Reasons.Count == 0 ? null : string.Join("; ", end.Reasons);
        if (result is not null) facts["result"] = result;
    }

    /// <summary>The end in one sentence for a person; null for one that needs no words.</summary>
    public static string? Sentence(FoundJob found, JobEnd end) => end.Kind switch
    {
        JobEndKind.Completed => null,
        JobEndKind.Unknown => $"Nobody can say how job {found.Address} ended: {string.Join("; ", end.Reasons)}",
        JobEndKind.GivenBack => $"Job {found.Address} was given back: {string.Join("; ", end.Reasons)}",
        _ => $"Job {found.Address} {(end.Kind == JobEndKind.Failed ? "failed" : "was stopped")}: {string.Join("; ", end.Reasons)}",
    };

    public static int ExitCode(JobEnd end) => end.Kind switch
    {
        JobEndKind.Completed => ExitCodes.Success,
        JobEndKind.Stopped => ExitCodes.JobStopped,
        JobEndKind.GivenBack => ExitCodes.JobGivenBack,
        _ => ExitCodes.Failed,
    };
}
