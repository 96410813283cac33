using Nosana.Programs.Borsh;

namespace Nosana.Programs.Instructions;

/// <summary>One argument of an instruction, by its program's name for it.</summary>
public sealed record ArgumentLayout(string Name, ArgumentType Type)
{
    internal object Read(ref BorshReader reader) => Type switch
    {
        ArgumentType.U8 => reader.ReadU8(),
        ArgumentType.U16 => reader.ReadU16(),
        ArgumentType.U64 => reader.ReadU64(),
        ArgumentType.I64 => reader.ReadI64(),
        ArgumentType.U128 => reader.ReadU128(),
        ArgumentType.Bool => reader.ReadBool(),
        ArgumentType.Bytes32 => reader.ReadBytes(32),
        _ => reader.ReadString(),
    };

    internal void Write(BorshWriter writer, object value)
    {
        switch (Type, value)
        {
            case (ArgumentType.U8, byte v): writer.U8(v); break;
            case (ArgumentType.U16, ushort v): writer.U16(v); break;
            case (ArgumentType.U64, ulong v): writer.U64(v); break;
            case (ArgumentType.I64, long v): writer.I64(v); break;
            case (ArgumentType.U128, UInt128 v): writer.U128(v); break;
            case (ArgumentType.Bool, bool v): writer.Bool(v); break;
            case (ArgumentType.Bytes32, byte[] { Length: 32 } v): writer.Bytes(v); break;
            case (ArgumentType.Text, string v): writer.String(v); break;
            default:
                throw new ArgumentException(
                    $"Argument '{Name}' is {Type}, not {value.GetType().Name}{(value is byte[] b ? $" of {b.Length} bytes" : "")}.", nameof(value));
        }
    }
}
