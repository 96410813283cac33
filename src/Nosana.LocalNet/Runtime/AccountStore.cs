using System.Runtime.InteropServices;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>Every account, found by address, by owner, and by the indexed fields. Not thread-safe: the bank guards it.</summary>
internal sealed class AccountStore
{
    private readonly Dictionary<PublicKey, AccountState> _accounts = [];
    private readonly Dictionary<PublicKey, HashSet<PublicKey>> _byOwner = [];
    private readonly ILookup<PublicKey, FieldIndex> _fields;

    public AccountStore(IEnumerable<AccountIndex> indexes) =>
        _fields = indexes.Select(index => new FieldIndex(index)).ToLookup(index => index.Definition.Owner);

    public int Count => _accounts.Count;

    public IReadOnlyDictionary<PublicKey, AccountState> All => _accounts;

    public AccountState? Find(PublicKey key) => _accounts.GetValueOrDefault(key);

    /// <summary>Stores or, with 0 lamports, removes an account.</summary>
    public void Set(PublicKey key, AccountState state)
    {
        AccountState? before = _accounts.GetValueOrDefault(key);
        AccountState? after = state.Lamports == 0 ? null : state;
        if (after is null) _accounts.Remove(key);
        else _accounts[key] = after;

        if (before?.Owner != after?.Owner)
        {
            if (before is not null && _byOwner.TryGetValue(before.Owner, out HashSet<PublicKey>? old)) old.Remove(key);
            if (after is not null) (CollectionsMarshal.GetValueRefOrAddDefault(_byOwner, after.Owner, out _) ??= []).Add(key);
        }
        if (before is not null) foreach (FieldIndex field in _fields[before.Owner]) field.Remove(key, before);
        if (after is not null) foreach (FieldIndex field in _fields[after.Owner]) field.Add(key, after);
    }

    /// <summary>Accounts of <paramref name="owner"/> that match every filter, from the narrowest index that applies.</summary>
    public IEnumerable<KeyValuePair<PublicKey, AccountState>> Query(PublicKey owner, IReadOnlyList<AccountFilter> filters)
    {
        HashSet<PublicKey> candidates = _byOwner.GetValueOrDefault(owner) ?? [];
        foreach (FieldIndex field in _fields[owner])
        {
            if (field.Lookup(filters) is { } narrower && narrower.Count < candidates.Count) candidates = narrower;
        }
        foreach (PublicKey key in candidates)
        {
            AccountState state = _accounts[key];
            if (filters.All(filter => filter.Matches(state.Data.Span))) yield return new(key, state);
        }
    }

    private sealed class FieldIndex(AccountIndex definition)
    {
        private readonly Dictionary<FieldValue, HashSet<PublicKey>> _values = [];

        public AccountIndex Definition { get; } = definition;

        public void Add(PublicKey key, AccountState state)
        {
            if (ValueOf(state) is { } value) (CollectionsMarshal.GetValueRefOrAddDefault(_values, value, out _) ??= []).Add(key);
        }

        public void Remove(PublicKey key, AccountState state)
        {
            if (ValueOf(state) is not { } value || !_values.TryGetValue(value, out HashSet<PublicKey>? keys)) return;
            keys.Remove(key);
            if (keys.Count == 0) _values.Remove(value);
        }

        /// <summary>The accounts that the filters leave, null when the filters do not fix this field (and the discriminator).</summary>
        public HashSet<PublicKey>? Lookup(IReadOnlyList<AccountFilter> filters)
        {
            bool discriminated = Definition.Discriminator.IsEmpty;
            ReadOnlyMemory<byte>? field = null;
            foreach (AccountFilter filter in filters)
            {
                if (!discriminated && filter.Fixes(0, Definition.Discriminator.Length) is { } head && head.Span.SequenceEqual(Definition.Discriminator.Span))
                    discriminated = true;
                field ??= filter.Fixes(Definition.Offset, Definition.Length);
            }
            if (!discriminated || field is not { } bytes) return null;
            return _values.TryGetValue(FieldValue.Of(bytes.Span), out HashSet<PublicKey>? keys) ? keys : [];
        }

        private FieldValue? ValueOf(AccountState state)
        {
            ReadOnlySpan<byte> data = state.Data.Span;
            if (data.Length < Definition.Offset + Definition.Length || !data.StartsWith(Definition.Discriminator.Span)) return null;
            return FieldValue.Of(data.Slice(Definition.Offset, Definition.Length));
        }
    }

    /// <summary>Up to 32 bytes as a value; fields of one index have one length, so padding with zeros confuses nothing.</summary>
    private readonly record struct FieldValue(PublicKey Padded)
    {
        public static FieldValue Of(ReadOnlySpan<byte> bytes)
        {
            Span<byte> padded = stackalloc byte[PublicKey.Length];
            padded.Clear();
            bytes.CopyTo(padded);
            return new FieldValue(new PublicKey(padded));
        }
    }
}
