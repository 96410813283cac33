using System.Net.Sockets;

namespace Nosana.Docker.Transport;

/// <summary>Says why an engine cannot be reached and what a person can do about it.</summary>
internal static class EngineUnavailable
{
    public static DockerUnavailableException From(Uri endpoint, Exception cause)
    {
        SocketError? error = SocketErrorOf(cause);
        bool isSocket = EngineEndpoint.SocketPath(endpoint) is not null;
        (string problem, string remedy) = error switch
        {
            SocketError.AccessDenied => (
                "refuses this user", "Run as root or as a member of the group that owns the socket (usermod -aG docker USER, then log in again)."),
            SocketError.AddressNotAvailable or SocketError.ConnectionRefused when isSocket => (
                "is not there", "Install and start it (systemctl start docker), or give the address of one that runs."),
            SocketError.ConnectionRefused => (
                "does not listen", "Start it, or check host and port; dockerd listens on TCP only when told to (-H tcp://...)."),
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => (
                "has a host name that does not resolve", "Check the address."),
            _ => ($"cannot be reached ({cause.Message.TrimEnd('.')})", "Check that it runs (docker version) and its log (journalctl -u docker)."),
        };
        return new DockerUnavailableException(endpoint, problem, remedy, cause);
    }

    public static DockerUnavailableException NoAnswer(Uri endpoint, EngineRoute request, TimeSpan limit, Exception cause) => new(
        endpoint, $"did not answer {request} within {limit.TotalSeconds:0.###} s",
        "It is overloaded or hangs: check its log (journalctl -u docker) and restart it.", cause);

    private static SocketError? SocketErrorOf(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket) return socket.SocketErrorCode;
        }
        return null;
    }
}
