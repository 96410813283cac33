using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>An account inside a running transaction: the committed state until the first write, a private copy from then on.</summary>
internal sealed class WorkingAccount(PublicKey key, AccountState original)
{
    private byte[]? _copy;

    public PublicKey Key { get; } = key;

    public AccountState Original { get; } = original;

    public ulong Lamports { get; set; } = original.Lamports;

    public PublicKey Owner { get; set; } = original.Owner;

    public bool Executable => Original.Executable;

    public ReadOnlySpan<byte> Data => _copy is null ? Original.Data.Span : _copy;

    public int DataLength => _copy?.Length ?? Original.Data.Length;

    public Span<byte> MutableData() => _copy ??= Original.Data.ToArray();

    public void Resize(int length)
    {
        if (length == DataLength) return;
        byte[] resized = new byte[length];
        ReadOnlySpan<byte> data = Data;
        data[..Math.Min(length, data.Length)].CopyTo(resized);
        _copy = resized;
    }

    public bool IsChanged =>
        Lamports != Original.Lamports || Owner != Original.Owner || (_copy is not null && !_copy.AsSpan().SequenceEqual(Original.Data.Span));

    public AccountState ToState() => Lamports == 0
        ? AccountState.Empty
        : new AccountState(Lamports, Owner, _copy ?? Original.Data, Executable);
}
