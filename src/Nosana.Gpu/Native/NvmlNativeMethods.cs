namespace Nosana.Gpu.Native;

/// <summary>
/// NVML's functions under their own names. The library is opened at run time, so that a machine without a driver is not an error, and a function that an
/// older driver lacks answers <see cref="nvmlReturn.FunctionNotFound"/>.
/// </summary>
internal sealed unsafe class NvmlNativeMethods(NativeExports exports)
{
    private readonly delegate* unmanaged[Cdecl]<nvmlReturn> _init = (delegate* unmanaged[Cdecl]<nvmlReturn>)exports.Find("nvmlInit_v2");
    private readonly delegate* unmanaged[Cdecl]<nvmlReturn> _shutdown = (delegate* unmanaged[Cdecl]<nvmlReturn>)exports.Find("nvmlShutdown");
    private readonly delegate* unmanaged[Cdecl]<nvmlReturn, byte*> _errorString =
        (delegate* unmanaged[Cdecl]<nvmlReturn, byte*>)exports.Find("nvmlErrorString");
    private readonly delegate* unmanaged[Cdecl]<byte*, uint, nvmlReturn> _driverVersion =
        (delegate* unmanaged[Cdecl]<byte*, uint, nvmlReturn>)exports.Find("nvmlSystemGetDriverVersion");
    private readonly delegate* unmanaged[Cdecl]<int*, nvmlReturn> _cudaDriverVersion =
        (delegate* unmanaged[Cdecl]<int*, nvmlReturn>)FindNewest(exports, "nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion");
    private readonly delegate* unmanaged[Cdecl]<uint*, nvmlReturn> _count =
        (delegate* unmanaged[Cdecl]<uint*, nvmlReturn>)exports.Find("nvmlDeviceGetCount_v2");
    private readonly delegate* unmanaged[Cdecl]<uint, nvmlDevice*, nvmlReturn> _handleByIndex =
        (delegate* unmanaged[Cdecl]<uint, nvmlDevice*, nvmlReturn>)exports.Find("nvmlDeviceGetHandleByIndex_v2");
    private readonly delegate* unmanaged[Cdecl]<byte*, nvmlDevice*, nvmlReturn> _handleByUuid =
        (delegate* unmanaged[Cdecl]<byte*, nvmlDevice*, nvmlReturn>)exports.Find("nvmlDeviceGetHandleByUUID");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, byte*, uint, nvmlReturn> _name =
        (delegate* unmanaged[Cdecl]<nvmlDevice, byte*, uint, nvmlReturn>)exports.Find("nvmlDeviceGetName");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, byte*, uint, nvmlReturn> _uuid =
        (delegate* unmanaged[Cdecl]<nvmlDevice, byte*, uint, nvmlReturn>)exports.Find("nvmlDeviceGetUUID");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, nvmlMemory*, nvmlReturn> _memory =
        (delegate* unmanaged[Cdecl]<nvmlDevice, nvmlMemory*, nvmlReturn>)exports.Find("nvmlDeviceGetMemoryInfo");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, nvmlMemory_v2*, nvmlReturn> _memory2 =
        (delegate* unmanaged[Cdecl]<nvmlDevice, nvmlMemory_v2*, nvmlReturn>)exports.Find("nvmlDeviceGetMemoryInfo_v2");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, nvmlUtilization*, nvmlReturn> _utilization =
        (delegate* unmanaged[Cdecl]<nvmlDevice, nvmlUtilization*, nvmlReturn>)exports.Find("nvmlDeviceGetUtilizationRates");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, int, uint*, nvmlReturn> _temperature =
        (delegate* unmanaged[Cdecl]<nvmlDevice, int, uint*, nvmlReturn>)exports.Find("nvmlDeviceGetTemperature");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, uint*, nvmlReturn> _power =
        (delegate* unmanaged[Cdecl]<nvmlDevice, uint*, nvmlReturn>)exports.Find("nvmlDeviceGetPowerUsage");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, nvmlPciInfo*, nvmlReturn> _pci =
        (delegate* unmanaged[Cdecl]<nvmlDevice, nvmlPciInfo*, nvmlReturn>)exports.Find("nvmlDeviceGetPciInfo_v3");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, uint*, nvmlProcessInfo*, nvmlReturn> _processes =
        (delegate* unmanaged[Cdecl]<nvmlDevice, uint*, nvmlProcessInfo*, nvmlReturn>)FindNewest(
            exports, "nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, int*, int*, nvmlReturn> _capability =
        (delegate* unmanaged[Cdecl]<nvmlDevice, int*, int*, nvmlReturn>)exports.Find("nvmlDeviceGetCudaComputeCapability");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, uint*, uint*, nvmlReturn> _migMode =
        (delegate* unmanaged[Cdecl]<nvmlDevice, uint*, uint*, nvmlReturn>)exports.Find("nvmlDeviceGetMigMode");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, uint*, nvmlReturn> _maxMig =
        (delegate* unmanaged[Cdecl]<nvmlDevice, uint*, nvmlReturn>)exports.Find("nvmlDeviceGetMaxMigDeviceCount");
    private readonly delegate* unmanaged[Cdecl]<nvmlDevice, uint, nvmlDevice*, nvmlReturn> _migByIndex =
        (delegate* unmanaged[Cdecl]<nvmlDevice, uint, nvmlDevice*, nvmlReturn>)exports.Find("nvmlDeviceGetMigDeviceHandleByIndex");

    public nvmlReturn nvmlInit() => _init == null ? nvmlReturn.FunctionNotFound : _init();

    public nvmlReturn nvmlShutdown() => _shutdown == null ? nvmlReturn.FunctionNotFound : _shutdown();

    /// <summary>The library's own text, which it keeps; null where it has no such function.</summary>
    public byte* nvmlErrorString(nvmlReturn result) => _errorString == null ? null : _errorString(result);

    public nvmlReturn nvmlSystemGetDriverVersion(Span<byte> version)
    {
        fixed (byte* text = version) return _driverVersion == null ? nvmlReturn.FunctionNotFound : _driverVersion(text, (uint)version.Length);
    }

    public nvmlReturn nvmlSystemGetCudaDriverVersion(out int version)
    {
        fixed (int* to = &version) { *to = 0; return _cudaDriverVersion == null ? nvmlReturn.FunctionNotFound : _cudaDriverVersion(to); }
    }

    public nvmlReturn nvmlDeviceGetCount(out uint count)
    {
        fixed (uint* to = &count) { *to = 0; return _count == null ? nvmlReturn.FunctionNotFound : _count(to); }
    }

    public nvmlReturn nvmlDeviceGetHandleByIndex(uint index, out nvmlDevice device)
    {
        fixed (nvmlDevice* to = &device) { *to = default; return _handleByIndex == null ? nvmlReturn.FunctionNotFound : _handleByIndex(index, to); }
    }

    /// <param name="uuid">Zero-terminated ASCII.</param>
    public nvmlReturn nvmlDeviceGetHandleByUUID(ReadOnlySpan<byte> uuid, out nvmlDevice device)
    {
        fixed (nvmlDevice* to = &device)
        fixed (byte* text = uuid) { *to = default; return _handleByUuid == null ? nvmlReturn.FunctionNotFound : _handleByUuid(text, to); }
    }

    public nvmlReturn nvmlDeviceGetName(nvmlDevice device, Span<byte> name)
    {
        fixed (byte* text = name) return _name == null ? nvmlReturn.FunctionNotFound : _name(device, text, (uint)name.Length);
    }

    public nvmlReturn nvmlDeviceGetUUID(nvmlDevice device, Span<byte> uuid)
    {
        fixed (byte* text = uuid) return _uuid == null ? nvmlReturn.FunctionNotFound : _uuid(device, text, (uint)uuid.Length);
    }

    public nvmlReturn nvmlDeviceGetMemoryInfo(nvmlDevice device, out nvmlMemory memory)
    {
        fixed (nvmlMemory* to = &memory) { *to = default; return _memory == null ? nvmlReturn.FunctionNotFound : _memory(device, to); }
    }

    public nvmlReturn nvmlDeviceGetMemoryInfo_v2(nvmlDevice device, out nvmlMemory_v2 memory)
    {
        fixed (nvmlMemory_v2* to = &memory)
        {
            *to = new nvmlMemory_v2 { version = nvmlMemory_v2.Version2 };
            return _memory2 == null ? nvmlReturn.FunctionNotFound : _memory2(device, to);
        }
    }

    public nvmlReturn nvmlDeviceGetUtilizationRates(nvmlDevice device, out nvmlUtilization utilization)
    {
        fixed (nvmlUtilization* to = &utilization) { *to = default; return _utilization == null ? nvmlReturn.FunctionNotFound : _utilization(device, to); }
    }

    /// <param name="sensor">0 is the GPU's die, the only one NVML names.</param>
    public nvmlReturn nvmlDeviceGetTemperature(nvmlDevice device, int sensor, out uint celsius)
    {
        fixed (uint* to = &celsius) { *to = 0; return _temperature == null ? nvmlReturn.FunctionNotFound : _temperature(device, sensor, to); }
    }

    public nvmlReturn nvmlDeviceGetPowerUsage(nvmlDevice device, out uint milliwatts)
    {
        fixed (uint* to = &milliwatts) { *to = 0; return _power == null ? nvmlReturn.FunctionNotFound : _power(device, to); }
    }

    public nvmlReturn nvmlDeviceGetPciInfo(nvmlDevice device, out nvmlPciInfo pci)
    {
        fixed (nvmlPciInfo* to = &pci) { *to = default; return _pci == null ? nvmlReturn.FunctionNotFound : _pci(device, to); }
    }

    /// <param name="count">In: room in <paramref name="processes"/>. Out: how many there are, also with <see cref="nvmlReturn.InsufficientSize"/>.</param>
    public nvmlReturn nvmlDeviceGetComputeRunningProcesses(nvmlDevice device, ref uint count, Span<nvmlProcessInfo> processes)
    {
        fixed (uint* number = &count)
        fixed (nvmlProcessInfo* to = processes) return _processes == null ? nvmlReturn.FunctionNotFound : _processes(device, number, to);
    }

    public nvmlReturn nvmlDeviceGetCudaComputeCapability(nvmlDevice device, out int major, out int minor)
    {
        fixed (int* first = &major, second = &minor)
        {
            *first = *second = 0;
            return _capability == null ? nvmlReturn.FunctionNotFound : _capability(device, first, second);
        }
    }

    public nvmlReturn nvmlDeviceGetMigMode(nvmlDevice device, out uint current, out uint pending)
    {
        fixed (uint* first = &current, second = &pending)
        {
            *first = *second = 0;
            return _migMode == null ? nvmlReturn.FunctionNotFound : _migMode(device, first, second);
        }
    }

    public nvmlReturn nvmlDeviceGetMaxMigDeviceCount(nvmlDevice device, out uint count)
    {
        fixed (uint* to = &count) { *to = 0; return _maxMig == null ? nvmlReturn.FunctionNotFound : _maxMig(device, to); }
    }

    public nvmlReturn nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice device, uint index, out nvmlDevice mig)
    {
        fixed (nvmlDevice* to = &mig) { *to = default; return _migByIndex == null ? nvmlReturn.FunctionNotFound : _migByIndex(device, index, to); }
    }

    private static nint FindNewest(NativeExports exports, string newest, string older)
    {
        nint address = exports.Find(newest);
        return address != 0 ? address : exports.Find(older);
    }
}
