using System.Buffers;
using System.Text.Json;
using Nosana.Node.Logs;

namespace Nosana.Node.Api.Streaming;

/// <summary>
/// Frames of <c>/flog</c>, <c>/log</c> and <c>/status</c>: an envelope whose <c>data</c> is JSON in a text. Times are milliseconds; those of lines have the
/// container's microseconds after the point, so that two equal lines are not taken for one by clients that look at time and text.
/// </summary>
internal static class LogFrames
{
    private const string Container = "container", NodeMethod = "NodeRepository.displayLog", NodeType = "log";

    private const long NanosecondsPerMicrosecond = 1_000;

    /// <summary>A line of an operation's output.</summary>
    public static byte[] TaskLog(string op, string group, LogEntry entry) =>
        TaskLog(op, group, entry.Stream == LogStream.NodeError ? "error" : Container, MillisecondsOf(entry), entry.Text);

    /// <param name="type">container, info or error.</param>
    public static byte[] TaskLog(string op, string group, string type, decimal time, string message) => Frame("flog", json =>
    {
        json.WriteString("opId"u8, op);
        json.WriteString("group"u8, group);
        json.WriteString("type"u8, type);
        json.WriteNumber("timestamp"u8, time);
        json.WriteString("message"u8, message);
    });

    public static byte[] NodeLog(string job, LogEntry entry) => NodeLog(job, NodeType, MillisecondsOf(entry), entry.Text);

    public static byte[] NodeLog(string job, string type, decimal time, string text) => Frame("log", json =>
    {
        json.WriteString("log"u8, text);
        json.WriteString("method"u8, NodeMethod);
        json.WriteString("job"u8, job);
        json.WriteNumber("timestamp"u8, time);
        json.WriteString("type"u8, type);
    });

    /// <summary>A state of the node.</summary>
    public static byte[] State(string status, string host, string job, long time, long index) => Frame("state", json =>
    {
        json.WriteString("status"u8, status);
        json.WriteStartObject("state"u8);
        json.WriteString("node"u8, host);
        json.WriteString("job"u8, job);
        json.WriteEndObject();
        json.WriteNumber("timestamp"u8, time);
        json.WriteNumber("index"u8, index);
    });

    private static decimal MillisecondsOf(LogEntry entry) => entry.TimestampNanoseconds / NanosecondsPerMicrosecond / 1_000m;

    private static byte[] Frame(string path, Action<Utf8JsonWriter> data)
    {
        var options = new JsonWriterOptions { Encoder = JsonText.Encoder };
        var inner = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(inner, options))
        {
            json.WriteStartObject();
            data(json);
            json.WriteEndObject();
        }
        var frame = new ArrayBufferWriter<byte>(inner.WrittenCount * 2);
        using (var json = new Utf8JsonWriter(frame, options))
        {
            json.WriteStartObject();
            json.WriteString("path"u8, path);
            json.WriteString("data"u8, inner.WrittenSpan);
            json.WriteEndObject();
        }
        return frame.WrittenSpan.ToArray();
    }
}
