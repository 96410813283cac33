using Microsoft.Win32.SafeHandles;

namespace Nosana.Solana.Wallet;

/// <summary>Reads and changes an open file's mode. Tests stand in for file systems that refuse or ignore it.</summary>
internal interface IKeyFileModes
{
    UnixFileMode Get(SafeFileHandle file);

    void Set(SafeFileHandle file, UnixFileMode mode);
}
