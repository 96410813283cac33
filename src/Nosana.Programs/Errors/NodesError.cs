namespace Nosana.Programs.Errors;

/// <summary>Errors of the nodes program (<c>NosanaNodesError</c>).</summary>
public enum NodesError
{
    ArchitectureUnknown = 6000,
    CountryCodeUnknown,
    CpuInvalid,
    GpuInvalid,
    MemoryInvalid,
    IopsInvalid,
    StorageInvalid,
}
