using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Nosana.Benchmarks.Ingress;

/// <summary>A server in a process of its own, so that its time and memory are its alone.</summary>
internal sealed class ServedProcess : IDisposable
{
    /// <summary>Of the times in /proc: USER_HZ, which every Linux has at 100.</summary>
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    private readonly string? _directory;

    /// <param name="directory">What goes with it; null for nothing.</param>
    private ServedProcess(Process process, int port, string name, string? directory = null) =>
        (_process, Port, Name, _directory) = (process, port, name, directory);

    public string Name { get; }

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Of it and its children: user and system seconds so far.</summary>
    public (double User, double System) ProcessorTime => Family().Aggregate((0.0, 0.0), (sum, id) =>
    {
        string[] fields = File.ReadAllText($"/proc/{id}/stat").Split(") ")[1].Split(' ');
        return (sum.Item1 + double.Parse(fields[11], CultureInfo.InvariantCulture) / TicksPerSecond, sum.Item2 + double.Parse(fields[12], CultureInfo.InvariantCulture) / TicksPerSecond);
    });

    /// <summary>Resident MiB.</summary>
    public double ResidentMiB =>
        double.Parse(File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) / 1024;

    /// <summary>A role of this program.</summary>
    /// <param name="role">See <see cref="IngressServers.RunAsync"/>.</param>
    /// <param name="container">Address of the container, for the proxies.</param>
    /// <param name="trace">File that gets what its threads do, a thousand times a second; null for none.</param>
    public static ServedProcess Start(string role, Uri? container = null, string? trace = null)
    {
        string[] arguments = container is null ? ["ingress-serve", role] : ["ingress-serve", role, container.GetLeftPart(UriPartial.Authority)];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (trace is not null)
        {
            start.Environment["DOTNET_EnableEventPipe"] = "1";
            start.Environment["DOTNET_EventPipeOutputPath"] = trace;
            start.Environment["DOTNET_EventPipeConfig"] = IngressProfile.Providers;
        }
        Process process = Process.Start(start)!;
        return new ServedProcess(process, int.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture), role);
    }

    /// <summary>Debian's nginx with one worker for each core, connections to the container kept; null where it is not installed.</summary>
    public static async Task<ServedProcess?> StartNginxAsync(Uri container)
    {
        string? program = new[] { "/usr/sbin/nginx", "/usr/bin/nginx" }.FirstOrDefault(File.Exists);
        if (program is null) return null;
        string directory = Directory.CreateTempSubdirectory("nosana-nginx-").FullName;
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        string configuration = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            daemon off; worker_processes {{Environment.ProcessorCount}}; pid {{directory}}/pid; error_log {{directory}}/error.log;
            events { worker_connections 10000; }
            http {
              access_log off; keepalive_requests 1000000000; client_body_temp_path {{directory}}; proxy_temp_path {{directory}}; fastcgi_temp_path {{directory}};
              uwsgi_temp_path {{directory}}; scgi_temp_path {{directory}};
              upstream container { server {{container.Authority}}; keepalive 256; keepalive_requests 1000000000; }
              server { listen 127.0.0.1:{{port}}; location / {
                proxy_pass http://container; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; proxy_buffering off;
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; } }
            }
            """);
        Process process = Process.Start(new ProcessStartInfo(program, ["-c", configuration, "-p", directory]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (int tries = 0; ; tries++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return new ServedProcess(process, port, "nginx", directory);
            }
            catch (SocketException) when (tries < 100 && !process.HasExited)
            {
                await looks.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>Ends it in good order, so that its trace is whole.</summary>
    public void End()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        if (_directory is not null) Directory.Delete(_directory, recursive: true);
    }

    private IEnumerable<int> Family() => File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)).Prepend(_process.Id);
}
