using System.Text.Json;
using System.Text.Json.Serialization;
using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc.Json;

/// <summary>Rust's enums in JSON: a name, or an object with the name as its only property. Unknown names pass through.</summary>
internal sealed class TransactionErrorConverter : JsonConverter<TransactionError>
{
    public override TransactionError Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        string type = NameOf(root, out JsonElement content);
        InstructionError? instruction = type == nameof(TransactionError.InstructionError) ? ReadInstructionError(content) : null;
        return new TransactionError(type, instruction, root.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, TransactionError value, JsonSerializerOptions options) => writer.WriteRawValue(value.Raw);

    private static InstructionError? ReadInstructionError(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Array || content.GetArrayLength() != 2 || content[0].ValueKind != JsonValueKind.Number
            || !content[0].TryGetInt32(out int index))
            return null;
        string type = NameOf(content[1], out JsonElement number);
        uint? custom = type == InstructionError.Custom && number.ValueKind == JsonValueKind.Number && number.TryGetUInt32(out uint code) ? code : null;
        return new InstructionError(index, type, custom);
    }

    private static string NameOf(JsonElement element, out JsonElement content)
    {
        content = default;
        if (element.ValueKind == JsonValueKind.String) return element.GetString()!;
        if (element.ValueKind != JsonValueKind.Object) return element.GetRawText();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            content = property.Value;
            return property.Name;
        }
        return "{}";
    }
}
