using System.ComponentModel;
using System.Diagnostics;

namespace Nosana.Testing;

/// <summary>
/// A shared library that answers NVML's and the CUDA driver's functions for made-up GPUs, compiled by gcc from C whose prototypes and structures are
/// written down from nvml.h and cuda.h: what P/Invoke passes is then read by C, on the terms of the C ABI.
/// </summary>
internal sealed class FakeNvidia : IDisposable
{
    private readonly string _directory;

    private FakeNvidia(string directory) => _directory = directory;

    /// <summary>The library's absolute path.</summary>
    public string Library => Path.Combine(_directory, "libnvidia-ml.so.1");

    public static string FirstUuid => "GPU-00000000-1111-2222-3333-444444444400";

    public static string SecondUuid => "GPU-00000000-1111-2222-3333-444444444401";

    public static string MigUuid => "MIG-aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

    /// <param name="defines">Macros that bend the answers: <c>DEVICES=n</c>, <c>INIT=code</c>, <c>NO_MEMORY_V2</c>, <c>LOST=index</c>, <c>MIG</c>,
    /// <c>PROCESSES=n</c>, <c>FREE_MIB=n</c>, <c>TOTAL_MIB=n</c>, <c>CUDA=number</c>, <c>CU_INIT=code</c>.</param>
    public static FakeNvidia Build(params string[] defines)
    {
        var library = new FakeNvidia(Directory.CreateTempSubdirectory("fake-nvidia-").FullName);
        string source = Path.Combine(library._directory, "fake.c");
        File.WriteAllText(source, Source);
        var start = new ProcessStartInfo("gcc", ["-shared", "-fPIC", "-Wall", "-Werror", .. defines.Select(d => "-D" + d), "-o", library.Library, source])
        {
            RedirectStandardError = true,
        };
        try
        {
            using Process gcc = Process.Start(start)!;
            string errors = gcc.StandardError.ReadToEnd();
            gcc.WaitForExit();
            if (gcc.ExitCode != 0) throw new InvalidOperationException($"gcc could not compile the stand-in for libnvidia-ml.so.1:\n{errors}");
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException("These tests compile a stand-in for libnvidia-ml.so.1 with gcc, which is not installed. Install it: apt-get install gcc libc6-dev.", exception);
        }
        return library;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private const string Source =
        """
        #include <stddef.h>
        #include <stdio.h>
        #include <string.h>

        #ifndef DEVICES
        #define DEVICES 2
        #endif
        #ifndef INIT
        #define INIT 0
        #endif
        #ifndef LOST
        #define LOST -1
        #endif
        #ifndef PROCESSES
        #define PROCESSES 2
        #endif
        #ifndef TOTAL_MIB
        #define TOTAL_MIB 24564
        #endif
        #ifndef FREE_MIB
        #define FREE_MIB 24000
        #endif
        #ifndef CUDA
        #define CUDA 12040
        #endif
        #ifndef CU_INIT
        #define CU_INIT 0
        #endif

        typedef int nvmlReturn_t;
        enum { SUCCESS = 0, UNINITIALIZED = 1, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, NOT_FOUND = 6, INSUFFICIENT_SIZE = 7, DRIVER_NOT_LOADED = 9, GPU_IS_LOST = 15, ARGUMENT_VERSION_MISMATCH = 25 };
        typedef struct nvmlDevice_st *nvmlDevice_t;
        struct nvmlDevice_st { unsigned int index; int mig; };
        typedef struct { unsigned long long total, free, used; } nvmlMemory_t;
        typedef struct { unsigned int version; unsigned long long total, reserved, free, used; } nvmlMemory_v2_t;
        typedef struct { unsigned int gpu, memory; } nvmlUtilization_t;
        typedef struct { char busIdLegacy[16]; unsigned int domain, bus, device, pciDeviceId, pciSubSystemId; char busId[32]; } nvmlPciInfo_t;
        typedef struct { unsigned int pid; unsigned long long usedGpuMemory; unsigned int gpuInstanceId, computeInstanceId; } nvmlProcessInfo_t;

        _Static_assert(sizeof(nvmlMemory_t) == 24, "nvmlMemory_t");
        _Static_assert(sizeof(nvmlMemory_v2_t) == 40, "nvmlMemory_v2_t");
        _Static_assert(sizeof(nvmlUtilization_t) == 8, "nvmlUtilization_t");
        _Static_assert(sizeof(nvmlPciInfo_t) == 68 && offsetof(nvmlPciInfo_t, busId) == 36, "nvmlPciInfo_t");
        _Static_assert(sizeof(nvmlProcessInfo_t) == 24, "nvmlProcessInfo_t");

        static int started;
        static struct nvmlDevice_st devices[16], mig = { 0, 1 };

        static nvmlReturn_t put(char *to, unsigned int length, const char *text)
        {
            if (strlen(text) + 1 > length) return INSUFFICIENT_SIZE;
            strcpy(to, text);
            return SUCCESS;
        }

        static nvmlReturn_t alive(nvmlDevice_t device)
        {
            if (!started) return UNINITIALIZED;
            if (device != &mig && (device < devices || device >= devices + DEVICES)) return INVALID_ARGUMENT;
            return !device->mig && (int)device->index == LOST ? GPU_IS_LOST : SUCCESS;
        }

        #define ALIVE(device) do { nvmlReturn_t r = alive(device); if (r) return r; } while (0)

        nvmlReturn_t nvmlInit_v2(void)
        {
            if (INIT) return INIT;
            for (int i = 0; i < DEVICES; i++) devices[i].index = i;
            started++;
            return SUCCESS;
        }

        nvmlReturn_t nvmlShutdown(void)
        {
            if (!started) return UNINITIALIZED;
            started--;
            return SUCCESS;
        }

        int fake_started(void) { return started; }

        const char *nvmlErrorString(nvmlReturn_t result)
        {
            switch (result) {
                case UNINITIALIZED: return "Uninitialized";
                case INVALID_ARGUMENT: return "Invalid Argument";
                case DRIVER_NOT_LOADED: return "Driver Not Loaded";
                case GPU_IS_LOST: return "GPU is lost";
                case NOT_FOUND: return "Not Found";
                default: return "Unknown Error";
            }
        }

        nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length) { return put(version, length, "550.54.15"); }

        nvmlReturn_t nvmlSystemGetCudaDriverVersion_v2(int *version) { *version = CUDA; return SUCCESS; }

        nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *count) { *count = DEVICES; return started ? SUCCESS : UNINITIALIZED; }

        nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device)
        {
            if (index >= DEVICES) return INVALID_ARGUMENT;
            *device = &devices[index];
            return SUCCESS;
        }

        nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length)
        {
            ALIVE(device);
            char text[96];
            if (device->mig) return put(uuid, length, "MIG-aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
            snprintf(text, sizeof text, "GPU-00000000-1111-2222-3333-4444444444%02u", device->index);
            return put(uuid, length, text);
        }

        nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device)
        {
            char text[96];
            for (int i = 0; i < DEVICES; i++) {
                if (nvmlDeviceGetUUID(&devices[i], text, sizeof text) == SUCCESS && !strcmp(text, uuid)) { *device = &devices[i]; return SUCCESS; }
            }
            return NOT_FOUND;
        }

        nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length)
        {
            ALIVE(device);
            return put(name, length, device->mig ? "NVIDIA Stand-in MIG 1g.6gb" : "NVIDIA Stand-in 4090");
        }

        nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory)
        {
            ALIVE(device);
            memory->total = TOTAL_MIB * 1048576ull;
            memory->free = FREE_MIB * 1048576ull;
            memory->used = memory->total - memory->free;
            return SUCCESS;
        }

        #ifndef NO_MEMORY_V2
        nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory)
        {
            ALIVE(device);
            if (memory->version != 0x2000028) return ARGUMENT_VERSION_MISMATCH;
            memory->total = (device->mig ? 6144 : TOTAL_MIB) * 1048576ull;
            memory->free = (device->mig ? 6000 : FREE_MIB) * 1048576ull;
            memory->reserved = 100 * 1048576ull;
            memory->used = memory->total - memory->free - memory->reserved;
            return SUCCESS;
        }
        #endif

        nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *rates)
        {
            ALIVE(device);
            if (device->mig) return NOT_SUPPORTED;
            rates->gpu = 87;
            rates->memory = 43;
            return SUCCESS;
        }

        nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, int sensor, unsigned int *celsius)
        {
            ALIVE(device);
            if (sensor != 0) return INVALID_ARGUMENT;
            *celsius = 61 + device->index;
            return SUCCESS;
        }

        nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned int *milliwatts)
        {
            ALIVE(device);
            *milliwatts = 301234;
            return SUCCESS;
        }

        nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t *pci)
        {
            ALIVE(device);
            memset(pci, 0x7f, sizeof *pci);
            strcpy(pci->busIdLegacy, "0000:41:00.0");
            strcpy(pci->busId, "00000000:41:00.0");
            pci->domain = 0;
            pci->bus = 0x41;
            pci->device = 0;
            pci->pciDeviceId = 0x268410de;
            pci->pciSubSystemId = 0x889d1043;
            return SUCCESS;
        }

        nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *processes)
        {
            ALIVE(device);
            unsigned int room = *count;
            *count = PROCESSES;
            if (room < PROCESSES) return INSUFFICIENT_SIZE;
            for (unsigned int i = 0; i < PROCESSES; i++) {
                processes[i].pid = 1000 + i;
                processes[i].usedGpuMemory = i == 0 ? ~0ull : i * 1048576ull;
                processes[i].gpuInstanceId = processes[i].computeInstanceId = 0xFFFFFFFF;
            }
            return SUCCESS;
        }

        nvmlReturn_t nvmlDeviceGetCudaComputeCapability(nvmlDevice_t device, int *major, int *minor)
        {
            ALIVE(device);
            *major = 8;
            *minor = 9;
            return SUCCESS;
        }

        #ifdef MIG
        nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned int *current, unsigned int *pending)
        {
            ALIVE(device);
            *current = *pending = device->index == 0;
            return SUCCESS;
        }

        nvmlReturn_t nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t device, unsigned int *count) { ALIVE(device); *count = 7; return SUCCESS; }

        nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t device, unsigned int index, nvmlDevice_t *to)
        {
            ALIVE(device);
            if (index != 3) return NOT_FOUND;
            *to = &mig;
            return SUCCESS;
        }
        #else
        nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned int *current, unsigned int *pending) { ALIVE(device); return NOT_SUPPORTED; }
        #endif

        typedef int CUresult;
        CUresult cuInit(unsigned int flags) { return flags ? 1 : CU_INIT; }
        CUresult cuDriverGetVersion(int *version) { *version = CUDA; return 0; }
        CUresult cuDeviceGetCount(int *count) { *count = DEVICES; return 0; }
        CUresult cuGetErrorString(CUresult error, const char **text)
        {
            *text = error == 100 ? "no CUDA-capable device is detected" : NULL;
            return error == 100 ? 0 : 1;
        }
        """;
}
