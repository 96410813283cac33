using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Nosana.LocalNet.Faults;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.HostManager;

/// <summary>The host manager's calls that a host makes, below <c>/host-manager</c> on every port of the network.</summary>
internal sealed class HostManagerEndpoint(HostManagerStandIn state, LocalNetFaults faults, TimeProvider time, Func<Uri> rpc)
{
    public const string BasePath = "/host-manager";

    private const int MaxBodyBytes = 1024 * 1024;

    public async Task ServeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string path = request.Path.Value![BasePath.Length..];
        using var body = new MemoryStream();
        if (request.ContentLength > MaxBodyBytes)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        await request.Body.CopyToAsync(body, context.RequestAborted);
        string? authorization = request.Headers.Authorization.Count > 0 ? request.Headers.Authorization.ToString() : null;
        string text = Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
        state.Record(new HostManagerRequest(request.Method, path, authorization, request.ContentType, text, time.GetUtcNow()));

        if (faults.HostManagerSilent) await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        if (faults.HostManagerStatus is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }
        if (faults.HostManagerAnswer is { } answer)
        {
            await WriteAsync(context, answer);
            return;
        }
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Task answering = (request.Method, parts) switch
        {
            ("GET", ["rpc"]) => AsHostAsync(context, authorization, _ => Object(writer => writer.WriteString("url", (state.Rpc ?? rpc()).AbsoluteUri))),
            ("GET", ["nodes", var node]) => AsHostAsync(context, authorization, host => host.Key == node ? Status(host) : null),
            ("GET", ["markets", var market, "required-resources"]) => RequiredAsync(context, market),
            ("POST", ["nodes", "heartbeat"]) =>
                AsHostAsync(
                    context, authorization,
                    _ => Field(text, "ping") == "pong" ? Object(writer => writer.WriteNumber("maxHeartbeatsPerDay", state.MaxHeartbeatsPerDay)) : null),
            ("POST", ["nodes", "change-market"]) => AsHostAsync(context, authorization, host => Field(text, "address") == host.Key ? Change(host) : null),
            ("POST", ["nodes", "sync-node"]) => AsHostAsync(context, authorization, host => Field(text, "address") == host.Key ? "{}" : null),
            ("POST", ["nodes", var node, "check-market"]) =>
                AsHostAsync(context, authorization, host => host.Key == node && IsJson(Field(text, "gpus")) ? Check() : null),
            ("POST", ["nodes", var node, "submit-system-specs"]) => SpecsAsync(context, authorization, node, text),
            _ => ErrorAsync(context, StatusCodes.Status404NotFound, $"no route {request.Method} {path}"),
        };
        await answering;
    }

    private string Status(PublicKey host) => state.StatusOf(host) is { } status
        ? Object(writer =>
        {
            writer.WriteString("address", host.Key);
            writer.WriteString("status", status);
            writer.WriteString("marketAddress", state.Market.Key);
            writer.WriteNull("accessKeyMint");
        })
        : Error("Node not found");

    private string Check() => state.NeedsChangeMarket
        ? Object(writer => writer.WriteBoolean("needsChangeMarket", true))
        : Object(writer => writer.WriteString("address", state.Market.Key));

    private string Change(PublicKey host) => state.ChangeTransaction is { } make
        ? Object(writer =>
        {
            writer.WriteStartArray("tx");
            foreach (byte one in make(host)) writer.WriteNumberValue(one);
            writer.WriteEndArray();
            writer.WriteString("newMarket", state.Market.Key);
        })
        : Error("No market to change to");

    private Task RequiredAsync(HttpContext context, string market) => PublicKey.TryParse(market, out _)
        ? WriteAsync(context, Object(writer =>
        {
            writer.WriteStartArray("required_images");
            foreach (string image in state.RequiredImages) writer.WriteStringValue(image);
            writer.WriteEndArray();
            writer.WriteStartArray("required_remote_resources");
            writer.WriteEndArray();
        }))
        : ErrorAsync(context, StatusCodes.Status404NotFound, "Market not found");

    private static async Task AsHostAsync(HttpContext context, string? authorization, Func<PublicKey, string?> answer)
    {
        if (HostSignature.OfLegacy(authorization) is not { } host) await ErrorAsync(context, StatusCodes.Status401Unauthorized, "Unauthorized");
        else if (answer(host) is not { } text) await ErrorAsync(context, StatusCodes.Status400BadRequest, "Bad request");
        else await WriteAsync(context, text);
    }

    private static Task SpecsAsync(HttpContext context, string? authorization, string node, string text) =>
        !PublicKey.TryParse(node, out PublicKey host) || !HostSignature.IsPlainOf(authorization, host)
            ? ErrorAsync(context, StatusCodes.Status401Unauthorized, "Unauthorized")
        : !IsJson(text) ? ErrorAsync(context, StatusCodes.Status400BadRequest, "Bad request")
        : WriteAsync(context, "{}");

    private static Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, Error(message));
    }

    private static Task WriteAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static string Error(string message) => Object(writer =>
    {
        writer.WriteString("name", "Error");
        writer.WriteString("message", message);
    });

    private static string Object(Action<Utf8JsonWriter> fields)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static string? Field(string text, string name)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out JsonElement value)
                && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null; // answered as a bad request
        }
    }

    private static bool IsJson(string? text)
    {
        try
        {
            if (text is null) return false;
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false; // answered as a bad request
        }
    }
}
