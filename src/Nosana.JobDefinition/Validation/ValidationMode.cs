namespace Nosana.JobDefinition.Validation;

/// <summary>Whose verdict.</summary>
public enum ValidationMode
{
    /// <summary>What some official client accepts is accepted, less what the host refuses on purpose.</summary>
    Union,

    /// <summary>The verdict of the official kit's validator (@nosana/types 2.1.6), exactly.</summary>
    Strict,
}
