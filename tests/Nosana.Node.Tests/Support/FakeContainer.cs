using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Engine;

namespace Nosana.Node.Tests.Support;

/// <summary>A container of a <see cref="FakeEngine"/>.</summary>
internal sealed class FakeContainer(string id, CreateContainerParameters request, FakeProgram program, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<(long Timestamp, byte Stream, byte[] Text)> _frames = [];
    private TaskCompletionSource _changed = NewSignal();
    private TaskCompletionSource _ended = NewSignal();
    private long _stamp;
    private DateTimeOffset _startedAt;

    public string Id { get; } = id;

    public CreateContainerParameters Request { get; } = request;

    public FakeProgram Program { get; } = program;

    public string Name => Request.Name!;

    public string Op => Request.Labels![EngineLabels.Op];

    public IDictionary<string, string> Labels => Request.Labels!;

    public string Status { get; private set; } = "created";

    public int ExitCode { get; private set; }

    public int Starts { get; private set; }

    /// <summary>In its network.</summary>
    public string Address { get; set; } = "127.0.0.1";

    public bool IsRunning => Status == "running";

    /// <summary>Completes when it has ended.</summary>
    public Task Ended
    {
        get { lock (_lock) return _ended.Task; }
    }

    public void Start()
    {
        lock (_lock)
        {
            if (IsRunning) return;
            Starts++;
            _startedAt = time.GetUtcNow();
            Status = "running";
            _ended = NewSignal();
        }
        foreach (string line in Program.Prints) Print(line);
        if (Program.EndsAtOnce) Exit(Program.ExitCode);
    }

    public void Print(string line, byte stream = 1)
    {
        lock (_lock)
        {
            _stamp = Math.Max(_stamp + 1, (time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000) + Starts);
            _frames.Add((_stamp, stream, Encoding.UTF8.GetBytes(line + "\n")));
            Signal();
        }
    }

    public void Exit(int exitCode)
    {
        lock (_lock)
        {
            if (!IsRunning) return;
            Status = "exited";
            ExitCode = exitCode;
            Signal();
            _ended.TrySetResult();
        }
    }

    /// <summary>Ends it for good: whoever waits for it learns that it is gone.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            Status = "removed";
            Signal();
            _ended.TrySetResult();
        }
    }

    public ContainerInspectResponse Inspect() => new()
    {
        ID = Id,
        Name = "/" + Name,
        State = new State
        {
            Status = Status,
            Running = IsRunning,
            ExitCode = ExitCode,
            OOMKilled = Program.OomKilled && Status == "exited",
            StartedAt = _startedAt.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
            FinishedAt = "2026-01-01T00:00:01Z",
        },
        Config = new ContainerConfig { Labels = Request.Labels, Image = Request.Image },
        Mounts =
        [
            .. (Request.HostConfig!.Mounts ?? []).Select(mount => new MountPoint { Name = mount.Source!, Destination = mount.Target!, RW = mount.ReadOnly != true }),
            .. Program.ImageVolumes.Keys.Select(name => new MountPoint { Name = name, Destination = "/" + name, RW = true }),
        ],
        NetworkSettings = new NetworkSettings
        {
            Networks = new Dictionary<string, EndpointSettings> { [Request.HostConfig!.NetworkMode!] = new() { IPAddress = IsRunning ? Address : "" } },
        },
    };

    public MultiplexedStream OpenLogs(ContainerLogsParameters parameters) => new(new LogStream(this, parameters));

    private (byte[] Bytes, int Next) Encode(int from, long since)
    {
        using var bytes = new MemoryStream();
        Span<byte> header = stackalloc byte[8];
        lock (_lock)
        {
            for (; from < _frames.Count; from++)
            {
                (long timestamp, byte stream, byte[] text) = _frames[from];
                if (timestamp < since) continue;
                byte[] stamp = Encoding.ASCII.GetBytes(new DockerTimestamp(timestamp) + " ");
                header.Clear();
                header[0] = stream;
                BinaryPrimitives.WriteInt32BigEndian(header[4..], stamp.Length + text.Length);
                bytes.Write(header);
                bytes.Write(stamp);
                bytes.Write(text);
            }
        }
        return (bytes.ToArray(), from);
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class LogStream(FakeContainer container, ContainerLogsParameters parameters) : Stream
    {
        private readonly long _since = SinceOf(parameters.Since);
        private int _next = parameters.Tail is { } tail ? Math.Max(0, container._frames.Count - int.Parse(tail, CultureInfo.InvariantCulture)) : 0;
        private byte[] _bytes = [];
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (_at == _bytes.Length)
            {
                Task changed;
                bool mayGrow;
                lock (container._lock)
                {
                    changed = container._changed.Task;
                    mayGrow = parameters.Follow == true && container.IsRunning;
                }
                (_bytes, _next) = container.Encode(_next, _since);
                _at = 0;
                if (_bytes.Length > 0) break;
                if (!mayGrow) return 0;
                await changed.WaitAsync(cancellationToken);
            }
            int count = Math.Min(buffer.Length, _bytes.Length - _at);
            _bytes.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private static long SinceOf(string? since)
        {
            if (since is null) return 0;
            string[] parts = since.Split('.');
            return (long.Parse(parts[0], CultureInfo.InvariantCulture) * 1_000_000_000) + (parts.Length > 1 ? long.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        }
    }
}
