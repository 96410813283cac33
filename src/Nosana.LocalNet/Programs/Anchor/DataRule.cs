using Nosana.LocalNet.Runtime;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>An account of one of Nosana's programs, decoded when its type is checked and written back after the handler.</summary>
internal sealed class DataRule<T>(string name, PublicKey owner) : AccountRule(name) where T : NosanaAccount<T>, IAccountLayout<T>
{
    private Func<AccountRule>? _closeTarget;

    internal override bool IsDataAccount => true;

    public T Of(AnchorCall call) => (T)call.Values[Index]!;

    /// <summary>Replaces the account's content; it reaches the account after the handler.</summary>
    public void Set(AnchorCall call, T value)
    {
        call.Values[Index] = value;
        call.Changed[Index] = true;
    }

    public void Update(AnchorCall call, Func<T, T> change) => Set(call, change(Of(call)));

    /// <summary>Another account, perhaps declared later, must be the one that a field of this account names.</summary>
    public DataRule<T> HasOne(Func<AccountRule> other, Func<T, PublicKey> field, ErrorCode error)
    {
        Add(ConstraintStage.HasOne, call => RequireEqual(call, field(Of(call)), other().Key(call), error));
        return this;
    }

    /// <summary>Closes the account after the handler: its lamports go to the target.</summary>
    public DataRule<T> Close(Func<AccountRule> target)
    {
        Add(ConstraintStage.Close, call => Require(call, target().Key(call) != Key(call), AnchorError.ConstraintClose));
        _closeTarget = target;
        return this;
    }

    /// <summary>Creates the account: at a fresh key, or at the derived address of the seeds.</summary>
    public DataRule<T> Init(Func<SignerRule> payer, Func<AnchorCall, byte[][]>? seeds = null)
    {
        Creation = new AccountCreation(payer, T.AllocatedLength, call => call.ProgramId, seeds);
        return this;
    }

    internal override void CheckType(AnchorCall call)
    {
        RequireOwnedBy(call, owner);
        ReadOnlySpan<byte> data = View(call).Data;
        Require(call, data.Length >= AnchorDiscriminator.Length, AnchorError.AccountDiscriminatorNotFound);
        Require(call, NosanaAccount<T>.HasDiscriminator(data), AnchorError.AccountDiscriminatorMismatch);
        call.Values[Index] = NosanaAccount<T>.TryDecode(data, out T? value) ? value : throw Fail(call, AnchorError.AccountDidNotDeserialize);
    }

    internal override void Exit(AnchorCall call)
    {
        if (_closeTarget is not null)
        {
            View(call).Close(_closeTarget().View(call));
            return;
        }
        if (!call.Changed[Index]) return;
        byte[] bytes = Of(call).Encode();
        AccountView view = View(call);
        Require(call, bytes.Length <= view.DataLength, AnchorError.AccountDidNotSerialize);
        bytes.CopyTo(view.MutableData());
    }
}
