using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Docker.DotNet.Models;

namespace Nosana.Node.Tests.Support;

/// <summary>Requests to an engine as text, without what stays at an engine's default: the library writes a zero or an empty text for each.</summary>
internal static class RequestText
{
    private static readonly JsonSerializerOptions Line = Options(indented: false), Lines = Options(indented: true);

    public static string OnOneLine<T>(T value) => JsonSerializer.Serialize(value, Line);

    public static string Indented<T>(T value) => JsonSerializer.Serialize(value, Lines);

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        Converters = { new PolicyConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            Modifiers = { type => { foreach (JsonPropertyInfo property in type.Properties) property.ShouldSerialize = (_, value) => !IsDefault(value); } },
        },
    };

    private static bool IsDefault(object? value) => value is null or "" or ICollection { Count: 0 } || (value is ValueType && value.Equals(Activator.CreateInstance(value.GetType())));

    /// <summary>As the library writes it, whose converter is its own.</summary>
    private sealed class PolicyConverter : JsonConverter<RestartPolicyKind>
    {
        public override RestartPolicyKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, RestartPolicyKind value, JsonSerializerOptions options) => writer.WriteStringValue(NameOf(value));
    }

    public static string NameOf(RestartPolicyKind policy) => policy switch
    {
        RestartPolicyKind.No => "no",
        RestartPolicyKind.Always => "always",
        RestartPolicyKind.OnFailure => "on-failure",
        RestartPolicyKind.UnlessStopped => "unless-stopped",
        _ => "",
    };
}
