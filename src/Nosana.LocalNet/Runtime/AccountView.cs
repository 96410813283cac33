using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>
/// An account as one instruction sees it. Two views of the same address share their state. Writes are checked at once against the
/// runtime's rules: only a writable account changes, only its owner changes data or takes lamports.
/// </summary>
public sealed class AccountView
{
    /// <summary>Growth of an account that one instruction may cause (<c>MAX_PERMITTED_DATA_INCREASE</c>).</summary>
    public const int MaxDataIncrease = 10_240;

    /// <summary>Largest account (<c>MAX_PERMITTED_DATA_LENGTH</c>).</summary>
    public const int MaxDataLength = 10 * 1024 * 1024;

    private readonly WorkingAccount _account;
    private readonly PublicKey _programId;
    private readonly int _initialLength;

    internal AccountView(WorkingAccount account, PublicKey programId, bool isSigner, bool isWritable)
    {
        _account = account;
        _programId = programId;
        _initialLength = account.DataLength;
        IsSigner = isSigner;
        IsWritable = isWritable;
    }

    public PublicKey Key => _account.Key;

    /// <summary>Signed the transaction, or signs this call as a program-derived address of the caller.</summary>
    public bool IsSigner { get; }

    public bool IsWritable { get; }

    public bool Executable => _account.Executable;

    /// <summary>The owning program; the system program for an address that holds nothing. Change it with <see cref="Assign"/>.</summary>
    public PublicKey Owner => _account.Owner;

    public ReadOnlySpan<byte> Data => _account.Data;

    public int DataLength => _account.DataLength;

    /// <summary>
    /// Balance. Setting it fails with <c>ReadonlyLamportChange</c>, or <c>ExternalAccountLamportSpend</c> when another program's account would lose.
    /// </summary>
    public ulong Lamports
    {
        get => _account.Lamports;
        set
        {
            if (value == _account.Lamports) return;
            if (value < _account.Lamports && Owner != _programId) throw new InstructionFailure(InstructionError.ExternalAccountLamportSpend);
            if (!IsWritable) throw new InstructionFailure(InstructionError.ReadonlyLamportChange);
            _account.Lamports = value;
        }
    }

    /// <summary>No lamports and owned by the system program: what Anchor calls an account that is not initialized (3012).</summary>
    public bool IsClosed => Lamports == 0 && Owner.IsZero;

    internal WorkingAccount Working => _account;

    /// <summary>The bytes for writing. Fails with <c>ReadonlyDataModified</c> or <c>ExternalAccountDataModified</c>.</summary>
    public Span<byte> MutableData()
    {
        RequireDataChangeable();
        return _account.MutableData();
    }

    /// <summary>
    /// Replaces the whole data, resizing when the length differs. Of a program's writes the runtime sees what differs afterwards: the same bytes are not a
    /// write.
    /// </summary>
    public void SetData(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual(Data)) return;
        Resize(data.Length);
        if (data.Length > 0) data.CopyTo(MutableData());
    }

    /// <summary>Cuts the data, or extends it with zeros. Fails with <c>InvalidRealloc</c> beyond the runtime's limits.</summary>
    public void Resize(int length)
    {
        RequireDataChangeable();
        if (length == DataLength) return;
        // The system program's own allocations are not bound by the per-instruction growth.
        bool tooMuchGrowth = length - _initialLength > MaxDataIncrease && !_programId.IsZero;
        if (length is < 0 or > MaxDataLength || tooMuchGrowth) throw new InstructionFailure(InstructionError.InvalidRealloc);
        _account.Resize(length);
    }

    /// <summary>Gives the account to another program. Its data must be all zero. Fails with <c>ModifiedProgramId</c>.</summary>
    public void Assign(PublicKey owner)
    {
        if (owner == Owner) return;
        if (Owner != _programId || !IsWritable || Data.ContainsAnyExcept((byte)0)) throw new InstructionFailure(InstructionError.ModifiedProgramId);
        _account.Owner = owner;
    }

    /// <summary>
    /// Moves all lamports to <paramref name="destination"/>, empties the data and returns the account to the system program, as Anchor's close does.
    /// </summary>
    public void Close(AccountView destination)
    {
        ulong all = Lamports;
        Lamports = 0;
        destination.Lamports = checked(destination.Lamports + all);
        if (DataLength > 0) MutableData().Clear();
        Assign(default);
        // The data is the system program's now, but this instruction emptied it: the runtime lets the former owner do so.
        _account.Resize(0);
    }

    private void RequireDataChangeable()
    {
        if (!IsWritable) throw new InstructionFailure(InstructionError.ReadonlyDataModified);
        if (Owner != _programId) throw new InstructionFailure(InstructionError.ExternalAccountDataModified);
    }
}
