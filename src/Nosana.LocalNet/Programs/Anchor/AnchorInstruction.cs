using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>
/// One instruction of an Anchor program: its account list, declared in order in the constructor, and its handler. A declaration that
/// differs from the wire layout in a name, in the order or in a flag fails at construction.
/// </summary>
internal abstract class AnchorInstruction(InstructionLayout layout)
{
    private readonly List<AccountRule> _rules = [];

    public InstructionLayout Layout { get; } = layout;

    public IReadOnlyList<AccountRule> Rules => _rules;

    public abstract void Handle(AnchorCall call);

    protected DataRule<T> Data<T>(string name, PublicKey owner) where T : NosanaAccount<T>, IAccountLayout<T> => Add(new DataRule<T>(name, owner));

    protected TokenRule Token(string name) => Add(new TokenRule(name));

    protected MintRule Mint(string name) => Add(new MintRule(name));

    protected SignerRule Signer(string name) => Add(new SignerRule(name));

    protected UncheckedRule Unchecked(string name) => Add(new UncheckedRule(name));

    protected ProgramRule Program(string name, PublicKey program) => Add(new ProgramRule(name, program));

    protected ProgramRule SystemProgram() => Program("system_program", WellKnownAddresses.SystemProgram);

    protected ProgramRule TokenProgram() => Program("token_program", WellKnownAddresses.TokenProgram);

    protected RentRule Rent() => Add(new RentRule("rent"));

    /// <summary>The address in a named account's place, for constraints that speak of their own account.</summary>
    protected PublicKey Key(AnchorCall call, string account) => call.Views[Layout.IndexOf(account)].Key;

    /// <summary>Holds the declaration against the layout; the program calls it once.</summary>
    internal void Verify()
    {
        string declared = string.Join(", ", _rules.Select(rule => $"{rule.Name}{(rule.IsMut || rule.Creation is not null ? " w" : "")}"));
        string expected = string.Join(", ", Layout.Accounts.Select(slot => $"{slot.Name}{(slot.IsWritable ? " w" : "")}"));
        if (declared != expected) throw new InvalidOperationException($"Instruction '{Layout.Name}' declares ({declared}) where its layout has ({expected}).");
    }

    private T Add<T>(T rule) where T : AccountRule
    {
        rule.Index = _rules.Count;
        _rules.Add(rule);
        return rule;
    }
}
