namespace Nosana.Node.Jobs.HostNames;

/// <summary>Where the world reaches exposed ports.</summary>
/// <param name="Domain">What follows the expose id in a host name.</param>
/// <param name="Scheme"><c>https</c> behind the network's ingress, <c>http</c> on a local one.</param>
/// <param name="PublicPort">Port of the ingress, null when it is the scheme's own; asked when needed, since a listener may choose it at its start.</param>
internal sealed record ExposureSettings(string Domain, string Scheme, Func<int?> PublicPort)
{
    public string UrlOf(string hostName) => PublicPort() is { } port ? $"{Scheme}://{hostName}:{port}" : $"{Scheme}://{hostName}";
}
