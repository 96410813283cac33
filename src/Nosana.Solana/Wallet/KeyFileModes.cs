using Microsoft.Win32.SafeHandles;

namespace Nosana.Solana.Wallet;

/// <summary>Reads and changes an open file's mode. Tests stand in for file systems that refuse or ignore it.</summary>
internal interface IKeyFileModes
{
    UnixFileMode Get(SafeFileHandle file);

    void Set(SafeFileHandle file, UnixFileMode mode);
}

/// <summary>The system's own file modes.</summary>
internal sealed class KeyFileModes : IKeyFileModes
{
    public static KeyFileModes System { get; } = new();

    public UnixFileMode Get(SafeFileHandle file) => File.GetUnixFileMode(file);

    public void Set(SafeFileHandle file, UnixFileMode mode) => File.SetUnixFileMode(file, mode);
}
