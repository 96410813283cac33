using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Solana.Rpc.Models;

/// <summary>A message and its signatures, in the order of the message's signers. Not safe for concurrent signing.</summary>
public sealed class Transaction
{
    /// <summary>Largest serialized transaction: one IPv6 packet of 1,280 bytes less 48 of headers.</summary>
    public const int MaxLength = 1232;

    private readonly byte[]?[] _signatures;
    private readonly byte[] _messageBytes;

    public Transaction(Message message) : this(message, message.Serialize(), new byte[]?[message.Header.RequiredSignatures])
    {
    }

    private Transaction(Message message, byte[] messageBytes, byte[]?[] signatures)
    {
        Message = message;
        _messageBytes = messageBytes;
        _signatures = signatures;
    }

    public Message Message { get; }

    /// <summary>The bytes that are signed.</summary>
    public ReadOnlyMemory<byte> MessageBytes => _messageBytes;

    /// <summary>One entry a required signer, fee payer first; null where no signature has been given.</summary>
    public IReadOnlyList<byte[]?> Signatures => _signatures;

    /// <summary>The transaction's id: base58 of the fee payer's signature.</summary>
    /// <exception cref="InvalidOperationException">The fee payer has not signed.</exception>
    public string Signature =>
        Encoders.Base58.EncodeData(_signatures[0] ?? throw new InvalidOperationException($"The fee payer {Message.FeePayer} has not signed."));

    /// <summary>Required signers whose signature is missing.</summary>
    public IReadOnlyList<PublicKey> MissingSigners => [.. Message.Signers.Where((_, index) => _signatures[index] is null)];

    /// <summary>Reads a serialized transaction, legacy or v0. Signatures are not checked: see <see cref="VerifySignatures"/>.</summary>
    /// <exception cref="FormatException">The bytes are not exactly one transaction of at most 1,232 bytes.</exception>
    public static Transaction Deserialize(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength) throw new FormatException($"The transaction has {bytes.Length} bytes; at most {MaxLength} are allowed.");
        var reader = new WireReader(bytes);
        var signatures = new byte[]?[reader.Count("signatures")];
        for (int i = 0; i < signatures.Length; i++)
        {
            ReadOnlySpan<byte> signature = reader.Bytes(Ed25519.SignatureLength, "the signatures");
            signatures[i] = signature.ContainsAnyExcept((byte)0) ? signature.ToArray() : null;
        }
        ReadOnlySpan<byte> messageBytes = bytes[reader.Offset..];
        Message message = Message.Deserialize(messageBytes);
        if (signatures.Length != message.Header.RequiredSignatures)
            throw new FormatException($"The transaction carries {signatures.Length} signatures, its message asks for {message.Header.RequiredSignatures}.");
        return new Transaction(message, messageBytes.ToArray(), signatures);
    }

    /// <summary>Signs with all of these; every required signer must then have signed.</summary>
    /// <exception cref="InvalidOperationException">A signer is missing, or an account is none of the message's signers.</exception>
    public void Sign(params IReadOnlyList<Account> signers)
    {
        PartialSign(signers);
        if (MissingSigners is { Count: > 0 } missing)
            throw new InvalidOperationException($"The transaction also needs the signature of {string.Join(", ", missing)}.");
    }

    /// <summary>Adds signatures and leaves others missing.</summary>
    public void PartialSign(params IReadOnlyList<Account> signers)
    {
        foreach (Account signer in signers) _signatures[SignerIndex(signer.PublicKey)] = signer.Sign(_messageBytes);
    }

    /// <summary>Adds a signature made elsewhere.</summary>
    /// <exception cref="ArgumentException">It is not the signer's signature of this message.</exception>
    public void AddSignature(PublicKey signer, byte[] signature)
    {
        int index = SignerIndex(signer);
        if (!Ed25519.Verify(signer, _messageBytes, signature))
            throw new ArgumentException($"The signature is not {signer}'s signature of this transaction.", nameof(signature));
        _signatures[index] = signature;
    }

    /// <summary>Whether every required signature is present and right.</summary>
    public bool VerifySignatures()
    {
        for (int i = 0; i < _signatures.Length; i++)
        {
            if (_signatures[i] is not { } signature || !Ed25519.Verify(Message.AccountKeys[i], _messageBytes, signature)) return false;
        }
        return true;
    }

    /// <summary>The wire bytes; a missing signature is 64 zero bytes.</summary>
    /// <exception cref="InvalidOperationException">Longer than 1,232 bytes.</exception>
    public byte[] Serialize()
    {
        var writer = new WireWriter();
        writer.Count(_signatures.Length);
        foreach (byte[]? signature in _signatures) writer.Bytes(signature ?? new byte[Ed25519.SignatureLength]);
        writer.Bytes(_messageBytes);
        byte[] bytes = writer.ToArray();
        return bytes.Length <= MaxLength
            ? bytes
            : throw new InvalidOperationException(
                $"The transaction has {bytes.Length} bytes; at most {MaxLength} are allowed. " +
                $"Split its {Message.Instructions.Count} instructions ({Message.AccountKeys.Count} accounts) over several transactions.");
    }

    private int SignerIndex(PublicKey signer)
    {
        for (int i = 0; i < _signatures.Length; i++)
        {
            if (Message.AccountKeys[i] == signer) return i;
        }
        throw new InvalidOperationException($"{signer} is none of the transaction's signers ({string.Join(", ", Message.Signers)}).");
    }
}
