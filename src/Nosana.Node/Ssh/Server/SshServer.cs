using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Nosana.Node.Retries;
using Nosana.Node.Ssh.Shells;

namespace Nosana.Node.Ssh.Server;

/// <summary>
/// SSH into the operations of jobs. Connections come to the CONNECT front on loopback, which the host names choose from, or to an address of their own for one
/// operation; a process of its own speaks SSH in them, and is started again when it ends, whatever ended it.
/// </summary>
internal sealed partial class SshServer(
    SshOptions options, SshAvailability availability, SshNames names, SshChild child, SshProcessWatch watch, SshDoor door, ShellSeats seats, OpShells shells,
    TimeProvider time, ILogger<SshServer> logger) : BackgroundService
{
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<SshTarget, int> _unauthenticated = [];
    private readonly ConcurrentDictionary<Task, bool> _serving = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SshListener? _front;
    private int _allUnauthenticated;

    /// <summary>Where the CONNECT front listens; null while it does not.</summary>
    public IPEndPoint? Address => _front?.Address;

    /// <summary>Completes when the first client can be served.</summary>
    public Task Ready => _ready.Task;

    /// <summary>The number of the SSH process; null while there is none.</summary>
    public int? ProcessId => child.Pid;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        string? off = !options.IsOn ? "the operator has turned it off (--ssh)" : LibSshPackage.FaultOf(options.PackageStatus) ?? child.Fault();
        if (off is null)
        {
            try
            {
                _front = SshListener.Start(options.Listen, client => new SshFront(names).ReadAsync(client, time, _ending.Token), this);
                LogListens(_front.Address);
            }
            catch (SocketException e)
            {
                off = $"it cannot listen on {options.Listen}: {e.Message} (--ssh-port)";
            }
        }
        availability.Off = off;
        if (off is not null) LogOff(off);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Sessions end first, and their shells are hung up as long as the engine does it in <see cref="s_goodbye"/>.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _ending.CancelAsync();
        if (_front is not null) await _front.DisposeAsync();
        await Task.WhenAny(Task.WhenAll(_serving.Keys), Task.Delay(s_goodbye, time, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    /// <summary>
    /// Listens for one operation of a job, or for the node (<see cref="SshTarget.Gateway"/>), without CONNECT: a tunnel that has chosen by host name forwards
    /// here. Dispose what is returned when the operation has ended.
    /// </summary>
    /// <exception cref="SocketException">It cannot be listened there.</exception>
    public SshListener ListenFor(IPEndPoint endPoint, SshTarget target) =>
        SshListener.Start(endPoint, client => Task.FromResult<SshArrival?>(new SshArrival(client, target)), this);

    /// <summary>Takes a client that came somewhere.</summary>
    /// <param name="find">Says to what it came; null for nothing that is here.</param>
    internal void Serve(Stream client, Func<Stream, Task<SshArrival?>> find)
    {
        Task serving = GuardedAsync();
        if (serving.IsCompleted) return;
        _serving[serving] = true;
        _ = serving.ContinueWith(ended => _serving.TryRemove(ended, out _), TaskScheduler.Default);

        async Task GuardedAsync()
        {
            try
            {
                await ServeAsync(client, find);
            }
            catch (Exception e)
            {
                LogBroken(e); // of this connection; the others go on
            }
        }
    }

    private async Task ServeAsync(Stream client, Func<Stream, Task<SshArrival?>> find)
    {
        await using (client)
        {
            using Place? front = TryTake(SshTarget.Unknown, options.MaxUnauthenticated / 2);
            if (front is null || await find(client) is not { } arrival) return;
            front.Dispose();
            using Place? place = TryTake(arrival.Target, options.MaxUnauthenticatedOfTarget);
            if (place is null || availability.Off is not null) return;
            using var connection = new SshConnection(
                arrival.Client, arrival.Target, options, door, seats, shells, place.Dispose, time, logger);
            await connection.ServeAsync(child.SocketPath, _ending.Token);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (availability.Off is not null) return;
        string hostKey;
        try
        {
            hostKey = SshHostKey.LoadOrMake(options.StateDirectory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogOff(availability.Off = $"its host key can neither be read nor made: {e.Message}");
            return;
        }
        Task watching = watch.RunAsync(stoppingToken);
        for (int failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            long began = time.GetTimestamp();
            string why;
            try
            {
                why = await child.RunAsync(hostKey, () => _ready.TrySetResult(), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                why = e.Message; // whatever it is: it costs SSH, and must not end the host
            }
            failures = time.GetElapsedTime(began) > RetryPipelines.SshProcess.LongestWait ? 1 : failures + 1;
            TimeSpan wait = RetryPipelines.SshProcess.WaitAfter(failures);
            LogEnded(why, wait.TotalSeconds);
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Place? TryTake(SshTarget target, int most)
    {
        if (Interlocked.Increment(ref _allUnauthenticated) > options.MaxUnauthenticated)
        {
            Interlocked.Decrement(ref _allUnauthenticated);
            return null;
        }
        if (_unauthenticated.AddOrUpdate(target, 1, static (_, taken) => taken + 1) <= most) return new Place(this, target);
        Free(target);
        return null;
    }

    private void Free(SshTarget target)
    {
        Interlocked.Decrement(ref _allUnauthenticated);
        int left = _unauthenticated.AddOrUpdate(target, 0, static (_, taken) => taken - 1);
        if (left == 0) _unauthenticated.TryRemove(KeyValuePair.Create(target, 0));
    }

    public override void Dispose()
    {
        _ending.Dispose();
        base.Dispose();
    }

    /// <summary>A connection in which nobody has logged in.</summary>
    private sealed class Place(SshServer server, SshTarget target) : IDisposable
    {
        private int _isFree;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isFree, 1) == 0) server.Free(target);
        }
    }

    [LoggerMessage(7000, LogLevel.Information, "SSH into jobs: CONNECT at {Address}")]
    private partial void LogListens(IPEndPoint address);

    [LoggerMessage(7001, LogLevel.Warning, "There is no SSH into jobs: {Reason}")]
    private partial void LogOff(string reason);

    [LoggerMessage(7003, LogLevel.Error, "An SSH connection was ended by a fault of this program")]
    private partial void LogBroken(Exception exception);

    [LoggerMessage(7002, LogLevel.Warning, "The SSH process ended ({Reason}): its sessions are over, all else goes on; it is started again in {Seconds} s")]
    private partial void LogEnded(string reason, double seconds);
}

/// <summary>A client, and where it wants to.</summary>
internal readonly record struct SshArrival(Stream Client, SshTarget Target);
