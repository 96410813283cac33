namespace Nosana.Programs.Instructions;

/// <summary>Borsh types that occur as instruction arguments.</summary>
public enum ArgumentType
{
    /// <summary><see cref="byte"/>.</summary>
    U8,

    /// <summary><see cref="ushort"/>.</summary>
    U16,

    /// <summary><see cref="ulong"/>.</summary>
    U64,

    /// <summary><see cref="long"/>.</summary>
    I64,

    /// <summary><see cref="UInt128"/>.</summary>
    U128,

    /// <summary><see cref="bool"/>, one byte.</summary>
    Bool,

    /// <summary><see cref="byte"/>[32], without a count.</summary>
    Bytes32,

    /// <summary><see cref="string"/>, UTF-8 behind a u32 byte count.</summary>
    Text,
}
