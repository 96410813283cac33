using System.Security.Cryptography;
using System.Text;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>Creates accounts and moves lamports. Nonce accounts are not part of this network.</summary>
internal sealed class SystemProgram : IOnChainProgram
{
    private const uint AccountAlreadyInUse = 0;
    private const uint ResultWithNegativeLamports = 1;
    private const uint InvalidAccountDataLength = 3;
    private const uint AddressWithSeedMismatch = 5;
    private const int MaxSeedLength = 32;

    public PublicKey Id => WellKnownAddresses.SystemProgram;

    public ulong ComputeUnits => 150;

    public void Execute(InstructionContext context)
    {
        var data = new DataReader(context.Data, InstructionError.InvalidInstructionData);
        switch (data.U32())
        {
            case 0:
                CreateAccount(context, data.U64(), data.U64(), data.Key(), At(context, 1).IsSigner, At(context, 0).IsSigner);
                break;
            case 1:
                Assign(context, At(context, 0), data.Key(), At(context, 0).IsSigner);
                break;
            case 2:
                Transfer(context, At(context, 0), At(context, 1), data.U64(), At(context, 0).IsSigner);
                break;
            case 3:
                CreateWithSeed(context, data.Key(), data.Text(), data.U64(), data.U64(), data.Key());
                break;
            case 8:
                Allocate(context, At(context, 0), data.U64(), At(context, 0).IsSigner);
                break;
            case 9:
                AllocateWithSeed(context, data.Key(), data.Text(), data.U64(), data.Key());
                break;
            case 10:
                AssignWithSeed(context, data.Key(), data.Text(), data.Key());
                break;
            case 11:
                TransferWithSeed(context, data.U64(), data.Text(), data.Key());
                break;
            default:
                throw new InstructionFailure(InstructionError.InvalidInstructionData);
        }
    }

    /// <summary>The address for a base, a seed and an owner: SHA-256 of the three.</summary>
    public static PublicKey DeriveWithSeed(PublicKey baseKey, string seed, PublicKey owner)
    {
        byte[] text = Encoding.UTF8.GetBytes(seed);
        return new PublicKey(SHA256.HashData([.. baseKey.KeyBytes, .. text, .. owner.KeyBytes]));
    }

    private static void CreateAccount(InstructionContext context, ulong lamports, ulong space, PublicKey owner, bool toSigns, bool fromSigns)
    {
        AccountView from = At(context, 0), to = At(context, 1);
        if (to.Lamports > 0) throw InUse(context, "Create Account", to);
        Allocate(context, to, space, toSigns);
        Assign(context, to, owner, toSigns);
        Transfer(context, from, to, lamports, fromSigns);
    }

    private static void Allocate(InstructionContext context, AccountView account, ulong space, bool signs)
    {
        if (!signs) throw MustSign(context, "Allocate: 'to'", account);
        if (account.DataLength > 0 || !account.Owner.IsZero) throw InUse(context, "Allocate", account);
        if (space > AccountView.MaxDataLength)
        {
            context.Log($"Allocate: requested {space}, max allowed {AccountView.MaxDataLength}");
            throw new InstructionFailure(InvalidAccountDataLength);
        }
        account.Resize((int)space);
    }

    private static void Assign(InstructionContext context, AccountView account, PublicKey owner, bool signs)
    {
        if (account.Owner == owner) return;
        if (!signs) throw MustSign(context, "Assign:", account);
        account.Assign(owner);
    }

    private static void Transfer(InstructionContext context, AccountView from, AccountView to, ulong lamports, bool signs)
    {
        if (!signs) throw MustSign(context, "Transfer: `from`", from);
        if (from.DataLength > 0)
        {
            context.Log("Transfer: `from` must not carry data");
            throw new InstructionFailure(InstructionError.InvalidArgument);
        }
        if (lamports > from.Lamports)
        {
            context.Log($"Transfer: insufficient lamports {from.Lamports}, need {lamports}");
            throw new InstructionFailure(ResultWithNegativeLamports);
        }
        from.Lamports -= lamports;
        // Also where nothing moves: a program of the runtime's own is not judged by its effect alone.
        if (!from.IsWritable || !to.IsWritable) throw new InstructionFailure(InstructionError.ReadonlyLamportChange);
        if (to.Lamports > ulong.MaxValue - lamports) throw new InstructionFailure(InstructionError.ArithmeticOverflow);
        to.Lamports += lamports;
    }

    private static void CreateWithSeed(InstructionContext context, PublicKey baseKey, string seed, ulong lamports, ulong space, PublicKey owner)
    {
        CheckSeed(context, At(context, 1), baseKey, seed, owner);
        CreateAccount(context, lamports, space, owner, Signs(context, baseKey), At(context, 0).IsSigner);
    }

    private static void AllocateWithSeed(InstructionContext context, PublicKey baseKey, string seed, ulong space, PublicKey owner)
    {
        AccountView account = At(context, 0);
        CheckSeed(context, account, baseKey, seed, owner);
        Allocate(context, account, space, Signs(context, baseKey));
        Assign(context, account, owner, Signs(context, baseKey));
    }

    private static void AssignWithSeed(InstructionContext context, PublicKey baseKey, string seed, PublicKey owner)
    {
        CheckSeed(context, At(context, 0), baseKey, seed, owner);
        Assign(context, At(context, 0), owner, Signs(context, baseKey));
    }

    private static void TransferWithSeed(InstructionContext context, ulong lamports, string seed, PublicKey owner)
    {
        AccountView from = At(context, 0), signer = At(context, 1), to = At(context, 2);
        if (!signer.IsSigner) throw MustSign(context, "Transfer: 'from'", signer);
        CheckSeed(context, from, signer.Key, seed, owner);
        Transfer(context, from, to, lamports, signs: true);
    }

    private static void CheckSeed(InstructionContext context, AccountView account, PublicKey baseKey, string seed, PublicKey owner)
    {
        if (Encoding.UTF8.GetByteCount(seed) > MaxSeedLength) throw new InstructionFailure(InstructionError.MaxSeedLengthExceeded);
        PublicKey derived = DeriveWithSeed(baseKey, seed, owner);
        if (derived == account.Key) return;
        context.Log($"Create: address {account.Key} does not match derived address {derived}");
        throw new InstructionFailure(AddressWithSeedMismatch);
    }

    /// <summary>This program has an error of its own for too few accounts.</summary>
    private static AccountView At(InstructionContext context, int index) =>
        index < context.Accounts.Count ? context.Accounts[index] : throw new InstructionFailure(InstructionError.MissingAccount);

    private static bool Signs(InstructionContext context, PublicKey key) => context.Accounts.Any(account => account.Key == key && account.IsSigner);

    private static InstructionFailure MustSign(InstructionContext context, string what, AccountView account)
    {
        context.Log($"{what} account {account.Key} must sign");
        return new InstructionFailure(InstructionError.MissingRequiredSignature);
    }

    private static InstructionFailure InUse(InstructionContext context, string what, AccountView account)
    {
        context.Log($"{what}: account {account.Key} already in use");
        return new InstructionFailure(AccountAlreadyInUse);
    }
}
