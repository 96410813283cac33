using System.Globalization;
using Nosana.LocalNet.Runtime;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>
/// Runs a program's instructions in the order of events of Anchor 1.0: arguments, types of all accounts, creation, duplicates,
/// constraints, handler, write-back.
/// </summary>
internal abstract class AnchorProgram : IOnChainProgram
{
    private readonly ProgramLayout _layout;
    private readonly Dictionary<string, AnchorInstruction> _instructions;
    private readonly DerivedAddresses _derived;
    private readonly bool _rejectDuplicates;

    protected AnchorProgram(PublicKey id, ProgramLayout layout, DerivedAddresses derived, bool rejectDuplicates, IEnumerable<AnchorInstruction> instructions)
    {
        Id = id;
        _layout = layout;
        _derived = derived;
        _rejectDuplicates = rejectDuplicates;
        _instructions = instructions.ToDictionary(instruction => instruction.Layout.Name);
        foreach (InstructionLayout expected in layout.Instructions) _instructions[expected.Name].Verify();
    }

    public PublicKey Id { get; }

    public void Execute(InstructionContext context)
    {
        if (!_layout.TryFind(context.Data, out InstructionLayout? layout)) throw AnchorLog.Fail(context, AnchorError.InstructionFallbackNotFound, null);
        context.Log($"Instruction: {Pascal(layout.Name)}");
        if (!_layout.TryDecode(context.Data, out DecodedInstruction? decoded)) throw AnchorLog.Fail(context, AnchorError.InstructionDidNotDeserialize, null);

        AnchorInstruction instruction = _instructions[layout.Name];
        var call = new AnchorCall(context, decoded, _derived);
        CheckTypes(call, instruction);
        foreach (AccountRule rule in instruction.Rules) rule.Creation?.Run(call, rule);
        if (_rejectDuplicates) CheckDuplicates(call, instruction);
        foreach (AccountRule rule in instruction.Rules.Where(rule => rule.Creation is null)) rule.CheckConstraints(call);
        instruction.Handle(call);
        foreach (AccountRule rule in instruction.Rules) rule.Exit(call);
    }

    private static void CheckTypes(AnchorCall call, AnchorInstruction instruction)
    {
        foreach (AccountRule rule in instruction.Rules)
        {
            if (rule.Index >= call.Context.Accounts.Count) throw call.Fail(AnchorError.AccountNotEnoughKeys, rule.Name);
            call.Views[rule.Index] = call.Context.Accounts[rule.Index];
            if (rule.Creation is null) rule.CheckType(call);
        }
    }

    private static void CheckDuplicates(AnchorCall call, AnchorInstruction instruction)
    {
        var seen = new HashSet<PublicKey>();
        foreach (AccountRule rule in instruction.Rules)
        {
            if (!rule.IsMut || !rule.IsDataAccount || rule.AllowsDuplicate || rule.Creation is not null) continue;
            if (!seen.Add(rule.Key(call))) throw call.Fail(AnchorError.ConstraintDuplicateMutableAccount, rule.Name);
        }
    }

    private static string Pascal(string snake) =>
        string.Concat(snake.Split('_').Select(word => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..]));
}
