namespace Nosana.Node.Ssh.Server;

/// <summary>Whether this machine's libssh may be used. The library itself does not say which faults its package mends.</summary>
internal static class LibSshPackage
{
    /// <summary>The first of Debian 12 without CVE-2026-59843, -59847 and -59850, by which strangers crash a server or do worse.</summary>
    public const string Oldest = "0.10.6-0+deb12u3";

    public const string StatusFile = "/var/lib/dpkg/status";

    private static readonly string[] s_names = ["libssh-4", "libssh-4t64"];

    /// <returns>Why not, and what to do; null when it may.</returns>
    public static string? FaultOf(string statusFile = StatusFile)
    {
        if (!File.Exists(statusFile)) return "there is no Debian package of libssh here, and of others it is not known which faults they have";
        return VersionIn(File.ReadLines(statusFile)) switch
        {
            null => "Debian's package libssh-4 is not installed: apt-get install libssh-4",
            var found when DebianVersion.Compare(found, Oldest) < 0 =>
                $"libssh-4 {found} has faults by which strangers crash a server or do worse: apt-get install libssh-4, at least {Oldest}",
            _ => null,
        };
    }

    private static string? VersionIn(IEnumerable<string> status)
    {
        string? version = null;
        bool isOurs = false, isInstalled = false;
        foreach (string line in status.Append(""))
        {
            if (line.Length == 0)
            {
                if (isOurs && isInstalled && version is not null) return version;
                (version, isOurs, isInstalled) = (null, false, false);
            }
            else if (line.StartsWith("Package: ", StringComparison.Ordinal)) isOurs = s_names.Contains(line["Package: ".Length..].Trim());
            else if (line.StartsWith("Status: ", StringComparison.Ordinal)) isInstalled = line.EndsWith(" ok installed", StringComparison.Ordinal);
            else if (line.StartsWith("Version: ", StringComparison.Ordinal)) version = line["Version: ".Length..].Trim();
        }
        return null;
    }
}
