using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>The token instructions that turn blank accounts into mints, token accounts and multisigs.</summary>
internal static class TokenInitialize
{
    public static readonly PublicKey NativeMint = new("So11111111111111111111111111111111111111112");

    /// <param name="rentAt">Place of the rent sysvar where the instruction names it, as all do whose numbers are the oldest.</param>
    public static void Mint(InstructionContext context, byte decimals, PublicKey authority, PublicKey? freezeAuthority, int? rentAt = null)
    {
        AccountView account = context.Account(0);
        CheckSysvar(context, rentAt);
        if (TokenMintData.ReadUnchecked(account.Data).Initialized) throw TokenCall.Fail(context, TokenError.AlreadyInUse);
        RequireRent(context, account);
        var mint = new TokenMintData { MintAuthority = authority, Decimals = decimals, FreezeAuthority = freezeAuthority };
        account.SetData(mint.ToBytes(account.Data));
    }

    public static void Account(InstructionContext context, PublicKey owner, int? rentAt = null)
    {
        AccountView account = context.Account(0), mint = context.Account(1);
        CheckSysvar(context, rentAt);
        if (TokenAccountData.ReadUnchecked(account.Data).State != 0) throw TokenCall.Fail(context, TokenError.AlreadyInUse);
        RequireRent(context, account);
        var token = new TokenAccountData { Mint = mint.Key, Owner = owner };
        if (mint.Key == NativeMint)
        {
            ulong reserve = Rent.MinimumBalance(account.DataLength);
            token.NativeReserve = reserve;
            token.Amount = account.Lamports - reserve;
        }
        else
        {
            TokenCall.RequireOwned(mint);
            ReadMint(context, mint);
        }
        account.SetData(token.ToBytes(account.Data));
    }

    /// <summary>The mint, or <c>InvalidMint</c> when it is none.</summary>
    public static TokenMintData ReadMint(InstructionContext context, AccountView mint)
    {
        bool initialized = mint.DataLength == TokenLayout.MintLength && mint.Data[TokenLayout.MintInitialized] == 1;
        return initialized ? TokenMintData.Read(mint.Data) : throw TokenCall.Fail(context, TokenError.InvalidMint);
    }

    public static void Multisig(InstructionContext context, byte required, int firstSigner)
    {
        AccountView account = context.Account(0);
        CheckSysvar(context, firstSigner == 2 ? 1 : null);
        if (account.DataLength != TokenLayout.MultisigLength) throw new InstructionFailure(InstructionError.InvalidAccountData);
        if (account.Data[2] == 1) throw TokenCall.Fail(context, TokenError.AlreadyInUse);
        RequireRent(context, account);
        int members = context.Accounts.Count - firstSigner;
        if (members is < 1 or > TokenLayout.MultisigMaxSigners) throw TokenCall.Fail(context, TokenError.InvalidNumberOfProvidedSigners);
        if (required is < 1 or > TokenLayout.MultisigMaxSigners) throw TokenCall.Fail(context, TokenError.InvalidNumberOfRequiredSigners);
        byte[] data = new byte[TokenLayout.MultisigLength];
        data[0] = required;
        data[1] = (byte)members;
        data[2] = 1;
        for (int i = 0; i < members; i++) context.Account(firstSigner + i).Key.CopyTo(data.AsSpan(TokenLayout.MultisigSigners + i * PublicKey.Length));
        account.SetData(data);
    }

    /// <summary>Token accounts of this program never change what their address was derived from: only checked, as the program does.</summary>
    public static void ImmutableOwner(InstructionContext context)
    {
        if (TokenAccountData.ReadUnchecked(context.Account(0).Data).State != 0) throw TokenCall.Fail(context, TokenError.AlreadyInUse);
        context.Log("Please upgrade to SPL Token 2022 for immutable owner support");
    }

    /// <summary>An account that is given as the rent sysvar is it.</summary>
    public static void CheckSysvar(InstructionContext context, int? rentAt)
    {
        if (rentAt is { } place && context.Account(place).Key != WellKnownAddresses.RentSysvar) throw new InstructionFailure(InstructionError.InvalidArgument);
    }

    private static void RequireRent(InstructionContext context, AccountView account)
    {
        if (!Rent.IsExempt(account.Lamports, account.DataLength)) throw TokenCall.Fail(context, TokenError.NotRentExempt);
    }
}
