using Microsoft.Extensions.Options;
using Nosana.Gpu.Native;
using Nosana.Gpu;

namespace Nosana.Node.Gpus;

/// <summary>
/// Reads the machine's GPUs. The library is opened at the first look and kept; a driver that is installed or repaired later is found at the next one.
/// </summary>
internal sealed partial class GpuInventory(IOptions<GpuOptions> options, ILogger<GpuInventory> logger) : IDisposable
{
    private const long MiB = 1024 * 1024;

    private readonly Lock _lock = new();
    private Nvml? _nvml;
    private string? _lastAbsence;

    /// <summary>A fresh look, about a millisecond for each GPU. Never throws: what is wrong stands in the snapshot.</summary>
    public GpuSnapshot Read()
    {
        lock (_lock)
        {
            GpuSnapshot snapshot = ReadLocked();
            if (snapshot.Absence != _lastAbsence && snapshot.Absence is not null) LogAbsent(logger, snapshot.Absence);
            _lastAbsence = snapshot.Absence;
            return snapshot;
        }
    }

    public void Dispose()
    {
        lock (_lock) Close();
    }

    private GpuSnapshot ReadLocked()
    {
        if (_nvml is null && !Nvml.TryLoad(out _nvml, out string reason, out nvmlReturn result, options.Value.NvmlLibrary))
        {
            // The library without the kernel module is a machine whose GPU was taken out, or a container image that brings the library along.
            return new GpuSnapshot { Gpus = [], Absence = reason, IsDriverBroken = result is not (nvmlReturn.LibraryNotFound or nvmlReturn.DriverNotLoaded) };
        }
        try
        {
            return ReadDevices(_nvml);
        }
        catch (NvmlException exception)
        {
            // The driver went away under the open library (an upgrade, an unloaded module): only opening it anew can find the next one.
            Close();
            return new GpuSnapshot { Gpus = [], Absence = exception.Message, IsDriverBroken = true };
        }
    }

    private static GpuSnapshot ReadDevices(Nvml nvml)
    {
        string driver = nvml.DriverVersion;
        CudaVersion cuda = nvml.CudaDriverVersion;
        int count = nvml.DeviceCount;
        var gpus = new List<GpuDevice>();
        var faults = new List<GpuFault>();
        for (int index = 0; index < count; index++)
        {
            string? uuid = null;
            try
            {
                NvmlDevice device = nvml.GetDevice(index);
                uuid = device.Uuid;
                IReadOnlyList<NvmlDevice> parts = device.IsMigEnabled ? device.GetMigDevices() : [device];
                (int, int)? capability = CapabilityOf(device);
                gpus.AddRange(parts.Select(part => Describe(index, part) with { ComputeCapability = capability }).ToArray());
            }
            catch (NvmlException exception)
            {
                // One sick GPU must not hide the others.
                faults.Add(new GpuFault(index, uuid, exception.Message));
            }
        }
        return new GpuSnapshot { Gpus = gpus, Faults = faults, DriverVersion = driver, CudaVersion = cuda };
    }

    // Nothing is admitted by it: a driver that does not tell it hides no GPU.
    private static (int Major, int Minor)? CapabilityOf(NvmlDevice device)
    {
        try
        {
            return device.ComputeCapability;
        }
        catch (NvmlException)
        {
            return null;
        }
    }

    private static GpuDevice Describe(int index, NvmlDevice device)
    {
        GpuMemory memory = device.GetMemoryInfo();
        return new GpuDevice(index, device.Uuid, device.Name, (long)memory.Total / MiB, (long)memory.Free / MiB);
    }

    private void Close()
    {
        _nvml?.Dispose();
        _nvml = null;
    }

    [LoggerMessage(4000, LogLevel.Information, "No GPU is offered: {Reason}. Jobs that ask for one are refused.")]
    private static partial void LogAbsent(ILogger logger, string reason);
}

internal sealed class GpuOptions
{
    /// <summary>The management library: a name for the loader's search path, or a path.</summary>
    public string NvmlLibrary { get; set; } = Nvml.DefaultLibrary;
}
