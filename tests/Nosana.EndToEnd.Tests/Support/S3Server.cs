using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>An S3 server on loopback (npm <c>s3rver</c>) with one bucket, whose keys are both <c>S3RVER</c>.</summary>
internal sealed partial class S3Server : IAsyncDisposable
{
    public const string Bucket = "models", Key = "S3RVER";

    private readonly Process _process;
    private readonly string _directory;
    private readonly AmazonS3Client _client;
    private readonly Task _reading;
    private readonly ConcurrentQueue<string> _log = [];

    private S3Server(Process process, string directory, string address)
    {
        (_process, _directory, Address) = (process, directory, address);
        _client = new AmazonS3Client(new BasicAWSCredentials(Key, Key), new AmazonS3Config { ServiceURL = address, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        _reading = ReadAsync();
    }

    /// <summary>How often an object was sent whose key begins so.</summary>
    public int Sent(string prefix) => _log.Count(line => line.Contains($"GET /{Bucket}/{prefix}", StringComparison.Ordinal));

    /// <summary>Without a slash at the end.</summary>
    public string Address { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<S3Server> StartAsync()
    {
        string directory = Directory.CreateTempSubdirectory("nosana-s3-").FullName;
        ProcessStartInfo start = TestNode.Start(
            Path.Combine(TestNode.Modules, "node_modules/s3rver/bin/s3rver.js"), "-d", directory, "-a", "127.0.0.1", "-p", "0", "--no-vhost-buckets", "--configure-bucket", Bucket);
        start.RedirectStandardError = false;
        // Without colours it cuts the methods off its lines.
        start.Environment["FORCE_COLOR"] = "1";
        start.Environment.Remove("NO_COLOR");
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        while (await process.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } found) return new S3Server(process, directory, $"http://{found.Groups[1].Value}");
        }
        throw new InvalidOperationException($"s3rver ended with {process.ExitCode} before it listened.");
    }

    public Task PutAsync(string key, byte[] content) =>
        _client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, InputStream = new MemoryStream(content), UseChunkEncoding = false }, Token);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    // Read on also where nobody looks: a full pipe would stop it.
    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line) _log.Enqueue(Colour().Replace(line, ""));
    }

    [GeneratedRegex(@"\e\[\d+m", RegexOptions.CultureInvariant)]
    private static partial Regex Colour();

    [GeneratedRegex(@"listening on (127\.0\.0\.1:\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Listening();
}
