using System.Globalization;
using System.Text.Json;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Genesis.Idl;

/// <summary>A program's interface as Anchor 0.28 describes it, made from the layouts that our own instructions are built with.</summary>
internal static class ProgramIdl
{
    public static byte[] Json(ProgramLayout program)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "0.1.0");
            writer.WriteString("name", $"nosana_{program.Name}");
            writer.WriteStartArray("instructions");
            foreach (InstructionLayout instruction in program.Instructions) WriteInstruction(writer, instruction);
            writer.WriteEndArray();
            writer.WriteStartArray("accounts");
            foreach ((string name, string[] fields) in AccountFields.ByProgram[program.Name]) WriteAccount(writer, name, fields);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static void WriteInstruction(Utf8JsonWriter writer, InstructionLayout instruction)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Camel(instruction.Name));
        writer.WriteStartArray("accounts");
        foreach (AccountSlot slot in instruction.Accounts)
        {
            writer.WriteStartObject();
            writer.WriteString("name", Camel(slot.Name));
            writer.WriteBoolean("isMut", slot.IsWritable);
            writer.WriteBoolean("isSigner", slot.IsSigner);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("args");
        foreach (ArgumentLayout argument in instruction.Arguments) WriteField(writer, Camel(argument.Name), TypeOf(argument.Type));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteAccount(Utf8JsonWriter writer, string name, string[] fields)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteStartObject("type");
        writer.WriteString("kind", "struct");
        writer.WriteStartArray("fields");
        foreach (string[] field in fields.Select(field => field.Split(' '))) WriteField(writer, field[0], field[1]);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter writer, string name, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WritePropertyName("type");
        string[] parts = type.Split(':');
        switch (parts[0])
        {
            case "vec":
                writer.WriteStartObject();
                writer.WriteString("vec", parts[1]);
                writer.WriteEndObject();
                break;
            case "array":
                writer.WriteStartObject();
                writer.WriteStartArray("array");
                writer.WriteStringValue("u8");
                writer.WriteNumberValue(int.Parse(parts[1], CultureInfo.InvariantCulture));
                writer.WriteEndArray();
                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(type);
                break;
        }
        writer.WriteEndObject();
    }

    private static string TypeOf(ArgumentType type) => type switch
    {
        ArgumentType.U8 => "u8",
        ArgumentType.U16 => "u16",
        ArgumentType.U64 => "u64",
        ArgumentType.I64 => "i64",
        ArgumentType.U128 => "u128",
        ArgumentType.Bool => "bool",
        ArgumentType.Bytes32 => "array:32",
        _ => "string",
    };

    private static string Camel(string snake)
    {
        string[] words = snake.Split('_');
        return words[0] + string.Concat(words[1..].Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
