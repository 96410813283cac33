using System.Net;
using System.Net.Sockets;

namespace Nosana.LocalNet.Http;

/// <summary>Finds a free port whose next one is free too: clients derive the WebSocket's port from the RPC's.</summary>
internal static class PortPair
{
    private const int Attempts = 100;

    /// <summary>A pair that was free a moment ago; another process may take it before it is used.</summary>
    public static int FindFree(IPAddress address)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            using var first = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            first.Bind(new IPEndPoint(address, 0));
            int port = ((IPEndPoint)first.LocalEndPoint!).Port;
            if (port < IPEndPoint.MaxPort && IsFree(address, port + 1)) return port;
        }
        throw new LocalNetPortException(0, $"No two neighbouring ports are free on {address} after {Attempts} attempts. Name a port that is.");
    }

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
