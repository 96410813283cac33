using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Nosana.Programs.Instructions;

/// <summary>The instructions of one program.</summary>
public sealed class ProgramLayout
{
    private readonly Dictionary<ulong, InstructionLayout> _byDiscriminator;
    private readonly Dictionary<string, InstructionLayout> _byName;

    internal ProgramLayout(string name, params InstructionLayout[] instructions)
    {
        Name = name;
        Instructions = instructions;
        _byDiscriminator = instructions.ToDictionary(i => BinaryPrimitives.ReadUInt64LittleEndian(i.Discriminator.Span));
        _byName = instructions.ToDictionary(i => i.Name);
    }

    /// <summary>"jobs", "staking", "rewards", "nodes" or "pools".</summary>
    public string Name { get; }

    public IReadOnlyList<InstructionLayout> Instructions { get; }

    /// <exception cref="KeyNotFoundException">The program has no such instruction.</exception>
    public InstructionLayout this[string instruction] => _byName[instruction];

    /// <summary>Which instruction data begins with a known discriminator; its arguments may still be cut short.</summary>
    public bool TryFind(ReadOnlySpan<byte> data, [NotNullWhen(true)] out InstructionLayout? layout)
    {
        layout = null;
        return data.Length >= AnchorDiscriminator.Length && _byDiscriminator.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(data), out layout);
    }

    /// <summary>Instruction and arguments; false for an unknown discriminator and for arguments that do not decode.</summary>
    public bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out DecodedInstruction? instruction)
    {
        instruction = null;
        if (!TryFind(data, out InstructionLayout? layout) || !layout.TryDecodeArguments(data, out object[] arguments)) return false;
        instruction = new DecodedInstruction(layout, arguments);
        return true;
    }
}
