using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Nosana.Node.Exposure.Listening;

/// <summary>
/// A certificate and its key in PEM files, read again when either has changed: whoever renews them needs to tell nobody. Files that cannot be used leave
/// what was read before in place, with a warning.
/// </summary>
/// <param name="certificateFile">The certificate, and after it those that its issuer is known by.</param>
/// <param name="keyFile">Its key.</param>
/// <param name="time">Files are looked at when a client comes, and not more often than <see cref="Interval"/>.</param>
/// <param name="logger">Is told of each reading.</param>
internal sealed partial class TlsCertificate(string certificateFile, string keyFile, TimeProvider time, ILogger<TlsCertificate> logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private volatile SslStreamCertificateContext? _current;
    private (DateTime Certificate, DateTime Key) _written;
    private long _looked;

    /// <summary>Reads the files.</summary>
    /// <exception cref="IOException">They cannot be read, or are not what they should be; the message names them.</exception>
    public void Load()
    {
        (DateTime, DateTime) written = Written();
        try
        {
            using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            // Through PKCS #12, since a key that lives in memory alone cannot be used by every TLS library.
            X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            _current = SslStreamCertificateContext.Create(certificate, chain, offline: true);
            _written = written;
            LogLoaded(certificateFile, certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception e) when (e is CryptographicException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"{certificateFile} and {keyFile} cannot be used as a certificate and its key: {e.Message}", e);
        }
    }

    /// <summary>What to present to a client now.</summary>
    public SslStreamCertificateContext Current()
    {
        lock (_lock)
        {
            if (_current is { } current && time.GetElapsedTime(_looked) < Interval) return current;
            _looked = time.GetTimestamp();
            try
            {
                if (_current is null || Written() != _written) Load();
            }
            catch (IOException e) when (_current is not null)
            {
                LogKept(e.Message);
            }
            return _current!;
        }
    }

    private (DateTime, DateTime) Written() => (File.GetLastWriteTimeUtc(certificateFile), File.GetLastWriteTimeUtc(keyFile));

    [LoggerMessage(5040, LogLevel.Information, "The certificate {File} is in use; it is valid until {NotAfter:u}.")]
    private partial void LogLoaded(string file, DateTime notAfter);

    [LoggerMessage(5041, LogLevel.Warning, "The certificate's files have changed and cannot be used, so the one before stays: {Problem}")]
    private partial void LogKept(string problem);
}
