using Nosana.LocalNet.Runtime;
using Nosana.Programs.Errors;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>
/// What a program demands of one account in its list. The runtime of a call goes through the rules several times: types first, then
/// creation, then constraints, each in declared order.
/// </summary>
internal abstract class AccountRule(string name)
{
    private readonly List<(ConstraintStage Stage, Action<AnchorCall> Check)> _constraints = [];

    public string Name { get; } = name;

    /// <summary>Place in the account list.</summary>
    public int Index { get; internal set; }

    public bool IsMut { get; internal set; }

    /// <summary>May be the same account as another writable one.</summary>
    public bool AllowsDuplicate { get; internal set; }

    /// <summary>Creates the account before constraints are checked; null for accounts that exist.</summary>
    internal AccountCreation? Creation { get; set; }

    /// <summary>Holds decoded data; only such accounts take part in the duplicate check.</summary>
    internal virtual bool IsDataAccount => false;

    public AccountView View(AnchorCall call) => call.Views[Index];

    public PublicKey Key(AnchorCall call) => call.Views[Index].Key;

    /// <summary>Bump of an account with seeds.</summary>
    public byte Bump(AnchorCall call) => call.Bumps[Index];

    /// <summary>Whether the account is of the declared type; decodes it.</summary>
    internal abstract void CheckType(AnchorCall call);

    internal void Add(ConstraintStage stage, Action<AnchorCall> check)
    {
        // Stable: within a stage the source's order holds.
        int at = _constraints.FindIndex(constraint => constraint.Stage > stage);
        _constraints.Insert(at < 0 ? _constraints.Count : at, (stage, check));
    }

    internal void CheckConstraints(AnchorCall call)
    {
        foreach ((_, Action<AnchorCall> check) in _constraints) check(call);
    }

    /// <summary>Runs after the handler: closes the account or writes it back.</summary>
    internal virtual void Exit(AnchorCall call)
    {
    }

    protected InstructionFailure Fail(AnchorCall call, ErrorCode code) => call.Fail(code, Name);

    internal void Require(AnchorCall call, bool condition, ErrorCode code)
    {
        if (!condition) throw Fail(call, code);
    }

    internal void RequireEqual(AnchorCall call, PublicKey left, PublicKey right, ErrorCode code)
    {
        if (left == right) return;
        InstructionFailure failure = Fail(call, code);
        AnchorLog.Pair(call.Context, left, right);
        throw failure;
    }

    /// <summary>Anchor's first look at an account that must exist and belong to a program.</summary>
    protected void RequireOwnedBy(AnchorCall call, PublicKey owner)
    {
        AccountView view = View(call);
        if (view.IsClosed) throw Fail(call, AnchorError.AccountNotInitialized);
        RequireEqual(call, view.Owner, owner, AnchorError.AccountOwnedByWrongProgram);
    }
}
