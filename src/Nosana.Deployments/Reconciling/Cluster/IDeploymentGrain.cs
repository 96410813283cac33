using Orleans.Concurrency;

namespace Nosana.Deployments.Reconciling.Cluster;

/// <summary>One deployment in the cluster: wherever it is, it is looked at by one look at a time.</summary>
internal interface IDeploymentGrain : IGrainWithStringKey
{
    /// <summary>Looks at it until nothing is left to be done now. Nobody waits for that: what it does may take as long as the chain does.</summary>
    /// <param name="due">Its due time in Unix milliseconds: a call for one that was served already does nothing. 0 is a call for none.</param>
    [OneWay, AlwaysInterleave]
    Task LookAsync(long due);
}
