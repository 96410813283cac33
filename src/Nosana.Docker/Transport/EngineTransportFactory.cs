using Docker.DotNet.Handler.Abstractions;
using Microsoft.Extensions.Logging;

namespace Nosana.Docker.Transport;

/// <summary>Hands <see cref="EngineTransport"/> to the library.</summary>
internal sealed class EngineTransportFactory : IDockerHandlerFactory<EngineTransport>
{
    public ResolvedTransport CreateHandler(EngineTransport transportOptions, ResolvedClientOptions clientOptions, ILogger logger) =>
        new(transportOptions, transportOptions.Base);

    public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) => throw new NotSupportedException();

    public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) => throw new NotSupportedException();
}
