namespace Nosana.Programs.Accounts;

/// <summary>Processor architecture of a registered node.</summary>
public enum NodeArchitecture : byte
{
    Amd64 = 0,
    Arm32v6 = 1,
    Arm32v7 = 2,
    Arm64v8 = 3,
    WindowsAmd64 = 4,
    Ppc64le = 5,
    S390x = 6,
    Mips64le = 7,
    Riscv64 = 8,
    I386 = 9,
    Unknown = 255,
}
