using Nosana.Node.Ssh.Server;
using Nosana.Node.Tests.Logs;

namespace Nosana.Node.Tests.Ssh;

public sealed class LibSshPackageTests
{
    [Theory]
    [InlineData("0.10.6-0+deb12u3", "0.10.6-0+deb12u2", 1)]
    [InlineData("0.10.6-0+deb12u3", "0.10.6-0+deb12u3", 0)]
    [InlineData("0.10.6-0+deb12u3", "0.10.6-0+deb12u10", -1)]
    [InlineData("0.11.2-1", "0.10.6-0+deb12u3", 1)]
    [InlineData("0.9.8-0ubuntu1", "0.10.6-0+deb12u3", -1)]
    [InlineData("1:0.1", "0.10.6-0+deb12u3", 1)]
    [InlineData("0.10.6~rc1-1", "0.10.6-0+deb12u3", -1)]
    [InlineData("0.10.6", "0.10.6-0", 0)]
    [InlineData("0.10.6-0+deb12u3~bpo11+1", "0.10.6-0+deb12u3", -1)]
    [InlineData("0.10.6a", "0.10.6", 1)]
    public void Compare_Versions_IsDebiansOrder(string left, string right, int order)
    {
        Assert.Equal(order, Math.Sign(DebianVersion.Compare(left, right)));
        Assert.Equal(-order, Math.Sign(DebianVersion.Compare(right, left)));
    }

    [Theory]
    [InlineData("install ok installed", "0.10.6-0+deb12u3", null)]
    [InlineData("install ok installed", "0.10.6-0+deb12u2", "has faults")]
    [InlineData("deinstall ok config-files", "0.10.6-0+deb12u3", "not installed")]
    public void FaultOf_Package_SaysWhyItIsNotUsed(string status, string version, string? fault)
    {
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "status");
        File.WriteAllText(file, $"Package: libssh2-1\nStatus: install ok installed\nVersion: 9\n\nPackage: libssh-4\nStatus: {status}\nDescription: x\n .\nVersion: {version}\n");
        if (fault is null) Assert.Null(LibSshPackage.FaultOf(file));
        else Assert.Contains(fault, LibSshPackage.FaultOf(file), StringComparison.Ordinal);
    }

    [Fact]
    public void FaultOf_MachineWithoutPackages_IsAFault()
    {
        using var directory = new TemporaryDirectory();
        Assert.Contains("no Debian package", LibSshPackage.FaultOf(Path.Combine(directory.Path, "status")), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(directory.Path, "status"), "Package: libc6\nStatus: install ok installed\nVersion: 2\n");
        Assert.Contains("apt-get install libssh-4", LibSshPackage.FaultOf(Path.Combine(directory.Path, "status")), StringComparison.Ordinal);
    }
}
