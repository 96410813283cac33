using System.Reflection;
using System.Text;

namespace Nosana.Node.Control;

/// <summary>The socket in an agent's state directory by which it is asked and told things.</summary>
internal sealed class ControlSocket(string stateDirectory)
{
    /// <summary>Of a socket's address, with the zero at its end (unix(7)).</summary>
    private const int MaxPathBytes = 107;

    /// <summary>Header of every answer: the version of the agent.</summary>
    public const string VersionHeader = "Nosana-Node";

    public string StateDirectory { get; } = stateDirectory;

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetFullPath(stateDirectory), "control.sock");

    /// <summary>Whether the kernel takes it for an address.</summary>
    public bool IsShortEnough => Encoding.UTF8.GetByteCount(Path) <= MaxPathBytes;

    /// <summary>Of this program.</summary>
    public static string Version { get; } =
        typeof(ControlSocket).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
