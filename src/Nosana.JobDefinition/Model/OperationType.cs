namespace Nosana.JobDefinition.Model;

/// <summary>What an operation does.</summary>
public enum OperationType
{
    /// <summary><c>container/run</c>.</summary>
    ContainerRun,

    /// <summary><c>container/create-volume</c>.</summary>
    ContainerCreateVolume,
}
