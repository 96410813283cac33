using System.Net.Sockets;
using System.Security.Authentication;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Images;

namespace Nosana.Node.Engine.Registry;

/// <summary>
/// What goes wrong with a registry, in our own words: what a registry sends is a stranger's text, and it is not quoted.
/// </summary>
internal static class RegistryFault
{
    public static EngineException Refused(ImageReference image, string why) =>
        new(EngineFault.ImageRefused, $"Image {image.Canonical} cannot be pulled: {why}.");

    public static EngineException Denied(ImageReference image, string host) => new(EngineFault.ImageDenied,
        $"Image {image.Canonical} cannot be pulled: {host} denies access to it, or has no such repository. "
            + "Check the name, and give credentials that may read it.");

    public static EngineException NotFound(ImageReference image, string host) => new(EngineFault.ImageNotFound,
        $"Image {image.Canonical} cannot be pulled: {host} does not have it. Check the name and the tag.");

    public static EngineException Platform(ImageReference image, string wanted, string has) => new(EngineFault.ImageNotFound,
        $"Image {image.Canonical} cannot be pulled: it is for {has}, and this host's engine runs {wanted}. Check that the image has this machine's platform.");

    public static EngineException Unavailable(ImageReference image, string host, string why, Exception? exception = null) => new(
        EngineFault.RegistryUnavailable,
        $"Image {image.Canonical} cannot be pulled: {host} {why}. The registry or the way to it is at fault; another try may help.", exception);

    /// <summary>What an exception of the network means; null when it is not one.</summary>
    /// <param name="image">What is pulled.</param>
    /// <param name="host">Who was asked.</param>
    /// <param name="exception">What was thrown.</param>
    public static EngineException? Of(ImageReference image, string host, Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is AddressRefusedException refused)
                return Refused(image, $"{refused.Message}. Put the image where everybody can reach it; a registry in this host's own network "
                    + "is one for its operator to name with --registry");
            if (inner is EngineException known) return known;
        }
        return exception is HttpRequestException or IOException or SocketException ? Unavailable(image, host, Words(exception), exception) : null;
    }

    private static string Words(Exception exception) => exception is HttpRequestException request
        ? request.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "has a name that does not resolve",
            HttpRequestError.ConnectionError => $"does not accept connections ({SocketWords(exception)})",
            HttpRequestError.SecureConnectionError => $"cannot be spoken to by TLS ({TlsWords(exception)})",
            HttpRequestError.ConfigurationLimitExceeded => "sends more headers than are taken",
            HttpRequestError.ResponseEnded => "broke off its answer",
            _ => "does not answer as HTTP has it",
        }
        : "broke off its answer";

    private static string SocketWords(Exception exception) =>
        exception.InnerException is SocketException socket ? socket.SocketErrorCode.ToString() : "no answer";

    private static string TlsWords(Exception exception) =>
        exception.InnerException is AuthenticationException tls && tls.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
            ? "its certificate is not valid" : "no TLS, or none that is known here";
}
