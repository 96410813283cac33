using Orleans.Concurrency;

namespace Nosana.Deployments.Reconciling.Cluster;

/// <summary>Watches the chain for all deployments: one in the whole cluster, so that the nodes are asked once whatever there is of processes.</summary>
internal interface IObserverGrain : IGrainWithIntegerKey
{
    /// <summary>Looks at the chain, unless it has just been looked at, and calls the deployments whose jobs have changed.</summary>
    [OneWay, AlwaysInterleave]
    Task ObserveAsync();
}
