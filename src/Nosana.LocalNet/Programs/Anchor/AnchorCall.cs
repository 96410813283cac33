using Nosana.LocalNet.Runtime;
using Nosana.Programs.Instructions;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>One call of an Anchor program while it is validated and handled: its arguments, its accounts and what they decoded to.</summary>
internal sealed class AnchorCall(InstructionContext context, DecodedInstruction arguments, DerivedAddresses derived)
{
    public InstructionContext Context { get; } = context;

    public PublicKey ProgramId => Context.ProgramId;

    /// <summary>The chain's time, unix seconds.</summary>
    public long Now => Context.Clock.UnixTimestamp;

    /// <summary>One slot a rule, in declared order.</summary>
    internal AccountView[] Views { get; } = new AccountView[arguments.Layout.Accounts.Count];

    internal object?[] Values { get; } = new object?[arguments.Layout.Accounts.Count];

    internal bool[] Changed { get; } = new bool[arguments.Layout.Accounts.Count];

    internal byte[] Bumps { get; } = new byte[arguments.Layout.Accounts.Count];

    public T Argument<T>(string name) => arguments.Argument<T>(name);

    public InstructionFailure Fail(ErrorCode code, string? account = null) => AnchorLog.Fail(Context, code, account);

    /// <summary>A check inside a handler.</summary>
    public void Require(bool condition, ErrorCode code)
    {
        if (!condition) throw Fail(code);
    }

    public void Invoke(TransactionInstruction instruction, params IReadOnlyList<byte[]>[] signerSeeds) => Context.Invoke(instruction, signerSeeds);

    public (PublicKey Address, byte Bump) Derive(byte[][] seeds) => derived.Find(ProgramId, seeds);
}
