namespace Nosana.Deployments.Api.Reading;

/// <summary>How faults of fields are written: the network's manager has one form for what makes a deployment, and another for all else.</summary>
internal enum FaultForm
{
    /// <summary><c>body/replicas must be >= 0</c></summary>
    Body,

    /// <summary><c>querystring/limit must be ...</c></summary>
    Query,

    /// <summary><c>params/deployment must be ...</c></summary>
    Parameters,

    /// <summary><c>replicas: Expected >= 1</c>, all of them with commas between.</summary>
    Create,
}
