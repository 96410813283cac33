using System.Text.Json;

namespace Nosana.LocalNet.Rpc;

/// <summary>Shapes that many answers share.</summary>
internal static class RpcWriting
{
    /// <summary>The version this network claims: what the specification was read from (Solana 3.1.10).</summary>
    public const string Version = "3.1.10";

    /// <summary>Opens <c>{"context":{...},"value":</c>; the caller writes the value and ends the object.</summary>
    public static void BeginContext(this Utf8JsonWriter writer, ulong slot)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("context");
        writer.WriteString("apiVersion", Version);
        writer.WriteNumber("slot", slot);
        writer.WriteEndObject();
        writer.WritePropertyName("value");
    }

    /// <summary>The context of a notification, which carries no version.</summary>
    public static void BeginNotificationContext(this Utf8JsonWriter writer, ulong slot)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("context");
        writer.WriteNumber("slot", slot);
        writer.WriteEndObject();
        writer.WritePropertyName("value");
    }
}
