using Nosana.Gpu.Native;

namespace Nosana.Gpu;

/// <summary>An NVML call failed; the message names the call and carries the library's own text.</summary>
public sealed class NvmlException(nvmlReturn result, string call, string text) : Exception($"{call} failed: {text} (NVML error {(int)result}).")
{
    public nvmlReturn Result { get; } = result;

    /// <summary>The GPU itself is sick (fell off the bus, needs a reset, damaged firmware), whatever was asked of it.</summary>
    public bool IsHardware => Result is nvmlReturn.GPUIsLost or nvmlReturn.ResetRequired or nvmlReturn.CorruptedInfoROM
        or nvmlReturn.IRQIssue or nvmlReturn.InsufficientPower;
}
