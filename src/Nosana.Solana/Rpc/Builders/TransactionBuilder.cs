using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Builders;

/// <summary>Collects a blockhash, a fee payer and instructions, and builds the signed bytes.</summary>
public sealed class TransactionBuilder
{
    private readonly List<TransactionInstruction> _instructions = [];
    private string? _recentBlockHash;
    private PublicKey? _feePayer;
    private MessageVersion _version = MessageVersion.Legacy;

    public TransactionBuilder SetRecentBlockHash(string recentBlockHash)
    {
        _recentBlockHash = recentBlockHash;
        return this;
    }

    public TransactionBuilder SetFeePayer(PublicKey account)
    {
        _feePayer = account;
        return this;
    }

    public TransactionBuilder SetVersion(MessageVersion version)
    {
        _version = version;
        return this;
    }

    public TransactionBuilder AddInstruction(TransactionInstruction instruction)
    {
        _instructions.Add(instruction);
        return this;
    }

    /// <summary>The unsigned message.</summary>
    /// <exception cref="InvalidOperationException">No blockhash, no fee payer or no instruction was given.</exception>
    public Message CompileMessage()
    {
        if (_recentBlockHash is null) throw new InvalidOperationException("SetRecentBlockHash comes first: a transaction needs a recent blockhash.");
        if (_feePayer is not { } feePayer) throw new InvalidOperationException("SetFeePayer comes first: a transaction needs a fee payer.");
        if (_instructions.Count == 0) throw new InvalidOperationException("AddInstruction comes first: a transaction needs an instruction.");
        return Message.Compile(feePayer, _instructions, _recentBlockHash, _version);
    }

    /// <summary>The signed transaction; the first signer pays the fees unless a fee payer was set.</summary>
    public Transaction BuildTransaction(params IReadOnlyList<Account> signers)
    {
        if (signers.Count > 0) _feePayer ??= signers[0].PublicKey;
        var transaction = new Transaction(CompileMessage());
        transaction.Sign(signers);
        return transaction;
    }

    /// <summary>The signed wire bytes, at most 1,232.</summary>
    public byte[] Build(params IReadOnlyList<Account> signers) => BuildTransaction(signers).Serialize();
}
