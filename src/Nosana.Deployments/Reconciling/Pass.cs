namespace Nosana.Deployments.Reconciling;

/// <summary>What came of one look at a deployment.</summary>
public enum PassResult
{
    /// <summary>There is none of this id.</summary>
    Unknown,

    /// <summary>It is as it should be, until its next due time.</summary>
    Done,

    /// <summary>Something was done on chain: another look shows what came of it.</summary>
    Again,

    /// <summary>Another has written it meanwhile: what was worked out here is void.</summary>
    Overtaken,
}
