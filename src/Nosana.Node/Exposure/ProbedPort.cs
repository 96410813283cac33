namespace Nosana.Node.Exposure;

/// <summary>A container's port as a client reaches it, for who stands in for one.</summary>
/// <param name="address">Scheme http, address and port of the container.</param>
/// <param name="publicUrl">Where clients ask for it: the probe says the same name.</param>
internal sealed class ProbedPort(Uri address, Uri publicUrl)
{
    private volatile Uri _address = address;

    /// <summary>Changes when the container moves.</summary>
    public Uri Address { get => _address; set => _address = value; }

    public Uri PublicUrl { get; } = publicUrl;
}
