using System.Runtime.InteropServices;
using Nosana.Node.Ssh.Process.Native;

namespace Nosana.Node.Ssh.Process;

/// <summary>A filter of system calls (seccomp(2)) for all threads: a program of the kernel's packet filter, made here.</summary>
internal static unsafe partial class Confinement
{
    private const nint SetFilter = 1, AllThreads = 1;

    /// <summary>BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JGE|K, BPF_RET|K; where <c>struct seccomp_data</c> has the call's number and the machine.</summary>
    private const ushort Load = 0x20, IfEqual = 0x15, IfAtLeast = 0x35, Return = 0x06;

    private const uint NumberAt = 0, MachineAt = 4, FirstArgumentAt = 16, Allowed = 0x7fff0000, NotPermitted = 0x00050001;

    /// <summary>Calls of another kind on the same machine (x32).</summary>
    private const uint OtherKind = 0x40000000;

    private static (uint Machine, int Seccomp, uint[] Refused, uint[] ForItself)? Calls() => RuntimeInformation.ProcessArchitecture switch
    {
        // socket, connect, execve, ptrace, rt_sigqueueinfo, mount, tkill, unshare, rt_tgsigqueueinfo, open_by_handle_at, setns, process_vm_readv and _writev,
        // bpf, execveat, pidfd_send_signal, io_uring_setup, pidfd_getfd; and with itself alone as their first argument: kill, tgkill, by which a crash ends it
        Architecture.X64 => (0xC000003E, 317, [41, 42, 59, 101, 129, 165, 200, 272, 297, 304, 308, 310, 311, 321, 322, 424, 425, 438], [62, 234]),
        Architecture.Arm64 => (0xC00000B7, 277, [198, 203, 221, 117, 138, 40, 130, 97, 240, 265, 268, 270, 271, 280, 281, 424, 425, 438], [129, 131]),
        _ => null,
    };

    private static bool RefuseCalls()
    {
        if (Calls() is not ({ } machine, { } seccomp, { } refused, { } forItself)) return false;
        int refuse = refused.Length + forItself.Length + 5, look = refuse + 1;
        var program = new List<Instruction>
        {
            new(Load, 0, 0, MachineAt),
            new(IfEqual, 0, (byte)(refuse - 2), machine),
            new(Load, 0, 0, NumberAt),
            new(IfAtLeast, (byte)(refuse - 4), 0, OtherKind),
        };
        foreach (uint call in refused) program.Add(new Instruction(IfEqual, (byte)(refuse - program.Count - 1), 0, call));
        foreach (uint call in forItself) program.Add(new Instruction(IfEqual, (byte)(look - program.Count - 1), 0, call));
        program.Add(new Instruction(Return, 0, 0, Allowed));
        program.Add(new Instruction(Return, 0, 0, NotPermitted));
        program.Add(new Instruction(Load, 0, 0, FirstArgumentAt));
        program.Add(new Instruction(IfEqual, 0, 1, (uint)Environment.ProcessId));
        program.Add(new Instruction(Return, 0, 0, Allowed));
        program.Add(new Instruction(Return, 0, 0, NotPermitted));
        fixed (Instruction* first = program.ToArray())
        {
            var filter = new Filter { Length = (ushort)program.Count, First = first };
            return LibC.syscall(seccomp, SetFilter, AllThreads, (nint)(&filter), 0) == 0;
        }
    }

    /// <summary><c>struct sock_filter</c>.</summary>
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    /// <summary><c>struct sock_fprog</c>.</summary>
    private struct Filter
    {
        public ushort Length;
        public Instruction* First;
    }
}
