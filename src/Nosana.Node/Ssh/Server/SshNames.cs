using System.Globalization;
using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs;

namespace Nosana.Node.Ssh.Server;

/// <summary>The host names by which clients ask for what: <c>JOB-INDEX-ssh.DOMAIN</c> is an operation, <c>NODE-ssh.DOMAIN</c> the node.</summary>
/// <param name="domain">That of the network's tunnel.</param>
/// <param name="node">This host's address.</param>
internal sealed class SshNames(RunningJobs jobs, string domain, string node)
{
    public string OfOp(string job, int op) => string.Create(CultureInfo.InvariantCulture, $"{job}-{op}-ssh.{domain}");

    public string OfNode { get; } = $"{node}-ssh.{domain}";

    /// <summary>In any case: some clients lower it, and addresses are not told apart by it in practice.</summary>
    /// <returns>Null when nothing here has the name now.</returns>
    public SshTarget? Find(string hostName)
    {
        if (string.Equals(hostName, OfNode, StringComparison.OrdinalIgnoreCase)) return SshTarget.Gateway;
        foreach (JobRunner runner in jobs.All)
        {
            foreach (Operation op in runner.Job.Request.Definition.Ops)
            {
                string job = runner.Job.Request.Job;
                if (op.Type == OperationType.ContainerRun && string.Equals(hostName, OfOp(job, op.Index), StringComparison.OrdinalIgnoreCase))
                    return new SshTarget(job, op.Index);
            }
        }
        return null;
    }
}
