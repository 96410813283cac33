using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Nosana.LocalNet.Rpc;

/// <summary>Takes JSON-RPC 2.0 apart, calls the method and puts the answer together; single calls and batches.</summary>
internal sealed partial class RpcDispatcher(IReadOnlyDictionary<string, RpcMethod> methods, ILogger<RpcDispatcher> logger)
{
    private static readonly JsonDocumentOptions ParseOptions = new() { MaxDepth = 32 };

    /// <summary>The answer to the body of a request over HTTP; empty when it held nothing but notifications.</summary>
    public ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> body) => Answer(body, methods);

    /// <summary>The answer to a message, from the given methods.</summary>
    public ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, RpcMethod> from)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, ParseOptions);
        }
        catch (JsonException)
        {
            return Failure(default, new RpcError(RpcError.ParseError, "Parse error"));
        }
        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array) return AnswerOne(root, from);
            if (root.GetArrayLength() == 0) return Failure(default, new RpcError(RpcError.InvalidRequest, "Invalid request"));
            var buffer = new ArrayBufferWriter<byte>();
            buffer.Write("["u8);
            foreach (JsonElement call in root.EnumerateArray())
            {
                ReadOnlyMemory<byte> answer = AnswerOne(call, from);
                if (answer.IsEmpty) continue;
                if (buffer.WrittenCount > 1) buffer.Write(","u8);
                buffer.Write(answer.Span);
            }
            if (buffer.WrittenCount == 1) return default;
            buffer.Write("]"u8);
            return buffer.WrittenMemory;
        }
    }

    /// <summary>The answer to one call; empty for a notification, which is only carried out.</summary>
    private ReadOnlyMemory<byte> AnswerOne(JsonElement call, IReadOnlyDictionary<string, RpcMethod> from)
    {
        if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("method", out JsonElement method) || method.ValueKind != JsonValueKind.String)
            return Failure(default, new RpcError(RpcError.InvalidRequest, "Invalid request"));
        bool notification = !call.TryGetProperty("id", out JsonElement id);
        string name = method.GetString()!;
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            if (!from.TryGetValue(name, out RpcMethod? serve)) throw new RpcError(RpcError.MethodNotFound, "Method not found");
            using var writer = new Utf8JsonWriter(buffer);
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            writer.WritePropertyName("result");
            serve(new RpcParameters(call.TryGetProperty("params", out JsonElement parameters) ? parameters : default), writer);
            WriteId(writer, id);
            writer.WriteEndObject();
        }
        catch (RpcError error)
        {
            return notification ? default : Failure(id, error);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // One broken call must not end the server for the others; the caller learns that it was not his fault.
            LogFault(logger, name, exception);
            return notification ? default : Failure(id, new RpcError(RpcError.InternalError, $"Internal error in {name}: {exception.Message}"));
        }
        return notification ? default : buffer.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> Failure(JsonElement id, RpcError error)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            writer.WriteStartObject("error");
            writer.WriteNumber("code", error.Code);
            writer.WriteString("message", error.Message);
            if (error.WriteErrorData is { } write)
            {
                writer.WritePropertyName("data");
                write(writer);
            }
            writer.WriteEndObject();
            WriteId(writer, id);
            writer.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private static void WriteId(Utf8JsonWriter writer, JsonElement id)
    {
        writer.WritePropertyName("id");
        if (id.ValueKind == JsonValueKind.Undefined) writer.WriteNullValue();
        else id.WriteTo(writer);
    }

    [LoggerMessage(EventId = 6001, Level = LogLevel.Error, Message = "The RPC method {Method} failed")]
    private static partial void LogFault(ILogger logger, string method, Exception exception);
}

/// <summary>Serves one method: writes the <c>result</c> value, or throws <see cref="RpcError"/>.</summary>
internal delegate void RpcMethod(RpcParameters parameters, Utf8JsonWriter writer);
