namespace Nosana.Node.Gpus;

/// <summary>A GPU that does not answer.</summary>
/// <param name="Index">Its place on the PCI bus, from 0.</param>
/// <param name="Uuid">Null when it does not even tell that.</param>
/// <param name="Reason">The driver's words.</param>
internal sealed record GpuFault(int Index, string? Uuid, string Reason);
