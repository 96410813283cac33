using Nosana.Gpu.Native;

namespace Nosana.Gpu;

/// <summary>One GPU, or one MIG device. A view: every member asks the driver anew. Valid as long as its <see cref="Nvml"/>.</summary>
public sealed class NvmlDevice
{
    /// <summary>nvml.h: <c>NVML_DEVICE_NAME_V2_BUFFER_SIZE</c> and <c>NVML_DEVICE_UUID_V2_BUFFER_SIZE</c>.</summary>
    private const int TextLength = 96;

    private const int FirstProcessCapacity = 32;
    private const uint MigEnabled = 1;

    private readonly Nvml _nvml;
    private readonly nvmlDevice _handle;

    internal NvmlDevice(Nvml nvml, nvmlDevice handle)
    {
        _nvml = nvml;
        _handle = handle;
    }

    /// <summary>The product's name, such as <c>NVIDIA GeForce RTX 4090</c>.</summary>
    /// <exception cref="NvmlException">The call failed.</exception>
    public string Name
    {
        get
        {
            Span<byte> text = stackalloc byte[TextLength];
            Check(_nvml.Methods.nvmlDeviceGetName(_handle, text), "nvmlDeviceGetName");
            return Nvml.Text(text);
        }
    }

    /// <summary><c>GPU-...</c> or <c>MIG-...</c>: the name container runtimes take, stable over reboots.</summary>
    /// <exception cref="NvmlException">The call failed.</exception>
    public string Uuid
    {
        get
        {
            Span<byte> text = stackalloc byte[TextLength];
            Check(_nvml.Methods.nvmlDeviceGetUUID(_handle, text), "nvmlDeviceGetUUID");
            return Nvml.Text(text);
        }
    }

    /// <summary>Streaming multiprocessor version, such as 8.9.</summary>
    /// <exception cref="NvmlException">The call failed.</exception>
    public (int Major, int Minor) ComputeCapability
    {
        get
        {
            Check(_nvml.Methods.nvmlDeviceGetCudaComputeCapability(_handle, out int major, out int minor), "nvmlDeviceGetCudaComputeCapability");
            return (major, minor);
        }
    }

    /// <summary>Whether the GPU is divided: containers then get its MIG devices and never the whole. False where the GPU knows no MIG.</summary>
    /// <exception cref="NvmlException">The call failed for another reason.</exception>
    public bool IsMigEnabled
    {
        get
        {
            nvmlReturn result = _nvml.Methods.nvmlDeviceGetMigMode(_handle, out uint current, out _);
            if (result is nvmlReturn.NotSupported or nvmlReturn.FunctionNotFound) return false;
            Check(result, "nvmlDeviceGetMigMode");
            return current == MigEnabled;
        }
    }

    /// <exception cref="NvmlException">The call failed.</exception>
    public GpuMemory GetMemoryInfo()
    {
        // Version 2 tells what the driver reserves apart from what is used; older drivers have only version 1.
        nvmlReturn result = _nvml.Methods.nvmlDeviceGetMemoryInfo_v2(_handle, out nvmlMemory_v2 memory);
        if (result == nvmlReturn.Success) return new GpuMemory(memory.total, memory.free, memory.used, memory.reserved);
        if (result is not (nvmlReturn.FunctionNotFound or nvmlReturn.NotSupported or nvmlReturn.ArgumentVersionMismatch))
            Check(result, "nvmlDeviceGetMemoryInfo_v2");
        Check(_nvml.Methods.nvmlDeviceGetMemoryInfo(_handle, out nvmlMemory old), "nvmlDeviceGetMemoryInfo");
        return new GpuMemory(old.total, old.free, old.used, 0);
    }

    /// <summary>Percent of the last sample period in which a kernel ran, and in which memory was read or written.</summary>
    /// <exception cref="NvmlException">The call failed (MIG devices do not have it).</exception>
    public (int Gpu, int Memory) GetUtilizationRates()
    {
        Check(_nvml.Methods.nvmlDeviceGetUtilizationRates(_handle, out nvmlUtilization rates), "nvmlDeviceGetUtilizationRates");
        return ((int)rates.gpu, (int)rates.memory);
    }

    /// <summary>Degrees Celsius of the die.</summary>
    /// <exception cref="NvmlException">The call failed.</exception>
    public int GetTemperature()
    {
        Check(_nvml.Methods.nvmlDeviceGetTemperature(_handle, 0, out uint celsius), "nvmlDeviceGetTemperature");
        return (int)celsius;
    }

    /// <summary>Milliwatts.</summary>
    /// <exception cref="NvmlException">The call failed.</exception>
    public int GetPowerUsage()
    {
        Check(_nvml.Methods.nvmlDeviceGetPowerUsage(_handle, out uint milliwatts), "nvmlDeviceGetPowerUsage");
        return (int)milliwatts;
    }

    /// <exception cref="NvmlException">The call failed.</exception>
    public GpuPciInfo GetPciInfo()
    {
        Check(_nvml.Methods.nvmlDeviceGetPciInfo(_handle, out nvmlPciInfo pci), "nvmlDeviceGetPciInfo");
        return new GpuPciInfo(Nvml.Text(pci.busId), pci.domain, pci.bus, pci.device, pci.pciDeviceId, pci.pciSubSystemId);
    }

    /// <summary>Processes with a compute context on the device, with their ids on the host.</summary>
    /// <exception cref="NvmlException">The call failed.</exception>
    public IReadOnlyList<GpuProcess> GetComputeRunningProcesses()
    {
        var found = new nvmlProcessInfo[FirstProcessCapacity];
        while (true)
        {
            uint count = (uint)found.Length;
            nvmlReturn result = _nvml.Methods.nvmlDeviceGetComputeRunningProcesses(_handle, ref count, found);
            if (result == nvmlReturn.InsufficientSize && count > found.Length)
            {
                // Some may start between the two calls.
                found = new nvmlProcessInfo[count + FirstProcessCapacity];
                continue;
            }
            Check(result, "nvmlDeviceGetComputeRunningProcesses");
            return [.. found.Take((int)count).Select(
                p => new GpuProcess((int)p.pid, p.usedGpuMemory == nvmlProcessInfo.ValueNotAvailable ? null : p.usedGpuMemory))];
        }
    }

    /// <summary>The GPU's MIG devices; empty where it is not divided.</summary>
    /// <exception cref="NvmlException">The call failed.</exception>
    public IReadOnlyList<NvmlDevice> GetMigDevices()
    {
        if (!IsMigEnabled) return [];
        Check(_nvml.Methods.nvmlDeviceGetMaxMigDeviceCount(_handle, out uint most), "nvmlDeviceGetMaxMigDeviceCount");
        var devices = new List<NvmlDevice>();
        for (uint index = 0; index < most; index++)
        {
            nvmlReturn result = _nvml.Methods.nvmlDeviceGetMigDeviceHandleByIndex(_handle, index, out nvmlDevice mig);
            // The places are numbered up to the most there can be; empty ones answer "not found".
            if (result == nvmlReturn.NotFound) continue;
            Check(result, $"nvmlDeviceGetMigDeviceHandleByIndex({index})");
            devices.Add(new NvmlDevice(_nvml, mig));
        }
        return devices;
    }

    private void Check(nvmlReturn result, string call) => _nvml.Check(result, call);
}
