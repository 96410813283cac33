using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>What every token instruction needs: failing with the program's number and words, and checking an authority.</summary>
internal static class TokenCall
{
    public static InstructionFailure Fail(InstructionContext context, TokenError error)
    {
        context.Log($"Error: {Describe(error)}");
        return new InstructionFailure((uint)error);
    }

    /// <summary>The instruction has that many accounts: the program takes them all before it looks at any.</summary>
    /// <param name="last">Index of the last one.</param>
    public static void RequireAccount(InstructionContext context, int last) => context.Account(last);

    /// <summary>The account belongs to the token program, else <c>IncorrectProgramId</c>.</summary>
    public static void RequireOwned(AccountView account)
    {
        if (account.Owner != WellKnownAddresses.TokenProgram) throw new InstructionFailure(InstructionError.IncorrectProgramId);
    }

    /// <summary>The authority at <paramref name="index"/> is the expected one and has signed, itself or enough members of its multisig.</summary>
    public static void RequireAuthority(InstructionContext context, PublicKey expected, int index)
    {
        AccountView authority = context.Account(index);
        if (authority.Key != expected) throw Fail(context, TokenError.OwnerMismatch);
        if (authority.Owner != WellKnownAddresses.TokenProgram || authority.DataLength != TokenLayout.MultisigLength)
        {
            if (!authority.IsSigner) throw new InstructionFailure(InstructionError.MissingRequiredSignature);
            return;
        }
        ReadOnlySpan<byte> multisig = authority.Data;
        int required = multisig[0], members = multisig[1];
        if (multisig[2] != 1) throw new InstructionFailure(InstructionError.UninitializedAccount);
        var matched = new HashSet<int>();
        foreach (AccountView signer in context.Accounts.Skip(index + 1))
        {
            for (int member = 0; member < members; member++)
            {
                var key = new PublicKey(multisig.Slice(TokenLayout.MultisigSigners + member * PublicKey.Length, PublicKey.Length));
                if (key != signer.Key || matched.Contains(member)) continue;
                if (!signer.IsSigner) throw new InstructionFailure(InstructionError.MissingRequiredSignature);
                matched.Add(member);
            }
        }
        if (matched.Count < required) throw new InstructionFailure(InstructionError.MissingRequiredSignature);
    }

    private static string Describe(TokenError error) => error switch
    {
        TokenError.NotRentExempt => "Lamport balance below rent-exempt threshold",
        TokenError.InsufficientFunds => "insufficient funds",
        TokenError.InvalidMint => "Invalid Mint",
        TokenError.MintMismatch => "Account not associated with this Mint",
        TokenError.OwnerMismatch => "owner does not match",
        TokenError.FixedSupply => "the total supply of this token is fixed",
        TokenError.AlreadyInUse => "account or token already in use",
        TokenError.InvalidNumberOfProvidedSigners => "Invalid number of provided signers",
        TokenError.InvalidNumberOfRequiredSigners => "Invalid number of required signers",
        TokenError.UninitializedState => "State is uninitialized",
        TokenError.NativeNotSupported => "Instruction does not support native tokens",
        TokenError.NonNativeHasBalance => "Non-native account can only be closed if its balance is zero",
        TokenError.InvalidInstruction => "Invalid instruction",
        TokenError.InvalidState => "Invalid account state for operation",
        TokenError.Overflow => "Operation overflowed",
        TokenError.AuthorityTypeNotSupported => "Account does not support specified authority type",
        TokenError.MintCannotFreeze => "This token mint cannot freeze accounts",
        TokenError.AccountFrozen => "Account is frozen",
        TokenError.MintDecimalsMismatch => "decimals different from the Mint decimals",
        _ => "Instruction does not support non-native tokens",
    };
}
