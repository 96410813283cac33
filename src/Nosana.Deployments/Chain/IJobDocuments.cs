using Nosana.Deployments.Model;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Chain;

/// <summary>Publishes what the chain names as a job's definition.</summary>
public interface IJobDocuments
{
    /// <summary>
    /// The CID that a job of this revision is listed with. A confidential definition is never published: the CID is of one that says where to ask.
    /// </summary>
    /// <exception cref="Nosana.Ipfs.Http.IpfsException">It could not be published.</exception>
    Task<string> PublishAsync(Deployment deployment, DeploymentRevision revision, CancellationToken cancellationToken);
}
