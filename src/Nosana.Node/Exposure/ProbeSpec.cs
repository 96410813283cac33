namespace Nosana.Node.Exposure;

/// <summary>One check of an exposed port.</summary>
/// <param name="Continuous">Repeated after the port has become ready.</param>
internal abstract record ProbeSpec(bool Continuous)
{
    /// <summary>A request whose status must be exactly the expected one; redirects are not followed.</summary>
    /// <param name="Path">With its query; a missing first slash is added.</param>
    /// <param name="Method">Any HTTP method.</param>
    /// <param name="ExpectedStatus">The status.</param>
    /// <param name="Headers">Sent as they are.</param>
    /// <param name="Body">Sent with POST and PUT only.</param>
    /// <param name="Continuous">Repeated after the port has become ready.</param>
    public sealed record Http(string Path, string Method, int ExpectedStatus, IReadOnlyDictionary<string, string> Headers, string? Body, bool Continuous) : ProbeSpec(Continuous);

    /// <summary>A WebSocket to the port's root. Its handshake's status line and headers and the messages that follow are searched for the text.</summary>
    /// <param name="ExpectedResponse">Any part of them, such as <c>101</c>.</param>
    /// <param name="Continuous">Repeated after the port has become ready.</param>
    public sealed record WebSocket(string ExpectedResponse, bool Continuous) : ProbeSpec(Continuous);
}
