using System.Net;

namespace Nosana.Node.Ssh;

/// <summary>What the SSH server is given.</summary>
internal sealed record SshOptions
{
    public const int DefaultPort = 8122;

    /// <summary>The operator's choice.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>What a signed text may call this host's network.</summary>
    public required IReadOnlyList<string> Networks { get; init; }

    /// <summary>Where clients ask by CONNECT for the host names; the tunnel asks there, too.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, DefaultPort);

    /// <summary>For the host key, and the socket of the SSH process.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The command line of the SSH process, without the directory of its socket.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>All of its environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Where Debian's packages are listed.</summary>
    public string PackageStatus { get; init; } = Server.LibSshPackage.StatusFile;

    /// <summary>Connections in which nobody has logged in, in all and to one host name; what comes beyond is closed at once.</summary>
    public int MaxUnauthenticated { get; init; } = 128;

    public int MaxUnauthenticatedOfTarget { get; init; } = 32;

    /// <summary>What a client gets to log in, and then again to ask for a shell.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A client that is asked for a sign of life each minute and gives none for so long is gone.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Bytes that come before anybody has logged in; more than any client sends.</summary>
    public long MaxBytesBeforeLogin { get; init; } = 512 * 1024;
}
