using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>The token instructions that change who may do what.</summary>
internal static class TokenAuthority
{
    private const byte MintTokens = 0;
    private const byte FreezeAccount = 1;
    private const byte AccountOwner = 2;
    private const byte CloseAccount = 3;

    public static void Approve(InstructionContext context, ulong amount, byte? decimals)
    {
        int next = 0;
        AccountView accountView = context.Account(next++);
        AccountView? mintView = decimals is null ? null : context.Account(next++);
        AccountView delegated = context.Account(next++);
        TokenCall.RequireAccount(context, next);
        TokenAccountData account = TokenAccountData.Read(accountView.Data);
        if (account.IsFrozen) throw TokenCall.Fail(context, TokenError.AccountFrozen);
        if (mintView is not null)
        {
            if (mintView.Key != account.Mint) throw TokenCall.Fail(context, TokenError.MintMismatch);
            if (TokenMintData.Read(mintView.Data).Decimals != decimals) throw TokenCall.Fail(context, TokenError.MintDecimalsMismatch);
        }
        TokenCall.RequireAuthority(context, account.Owner, next);
        account.Delegate = delegated.Key;
        account.DelegatedAmount = amount;
        accountView.SetData(account.ToBytes(accountView.Data));
    }

    public static void Revoke(InstructionContext context)
    {
        AccountView accountView = context.Account(0);
        TokenAccountData account = TokenAccountData.Read(accountView.Data);
        if (account.IsFrozen) throw TokenCall.Fail(context, TokenError.AccountFrozen);
        // The delegate may give back what he was given.
        bool delegated = account.Delegate is { } holder && context.Account(1).Key == holder;
        TokenCall.RequireAuthority(context, delegated ? account.Delegate!.Value : account.Owner, 1);
        account.Delegate = null;
        account.DelegatedAmount = 0;
        accountView.SetData(account.ToBytes(accountView.Data));
    }

    public static void Set(InstructionContext context, byte type, PublicKey? authority)
    {
        AccountView view = context.Account(0);
        TokenCall.RequireAccount(context, 1);
        if (type > CloseAccount) throw TokenCall.Fail(context, TokenError.InvalidInstruction);
        switch (view.DataLength)
        {
            case TokenLayout.AccountLength:
                view.SetData(OfAccount(context, TokenAccountData.Read(view.Data), type, authority).ToBytes(view.Data));
                break;
            case TokenLayout.MintLength:
                view.SetData(OfMint(context, TokenMintData.Read(view.Data), type, authority).ToBytes(view.Data));
                break;
            default:
                throw new InstructionFailure(InstructionError.InvalidArgument);
        }
    }

    public static void Freeze(InstructionContext context, bool freeze)
    {
        AccountView accountView = context.Account(0), mintView = context.Account(1);
        TokenCall.RequireAccount(context, 2);
        TokenAccountData account = TokenAccountData.Read(accountView.Data);
        if (account.IsFrozen == freeze) throw TokenCall.Fail(context, TokenError.InvalidState);
        if (account.NativeReserve is not null) throw TokenCall.Fail(context, TokenError.NativeNotSupported);
        if (mintView.Key != account.Mint) throw TokenCall.Fail(context, TokenError.MintMismatch);
        if (TokenMintData.Read(mintView.Data).FreezeAuthority is not { } authority) throw TokenCall.Fail(context, TokenError.MintCannotFreeze);
        TokenCall.RequireAuthority(context, authority, 2);
        account.State = freeze ? (byte)2 : (byte)1;
        accountView.SetData(account.ToBytes(accountView.Data));
    }

    private static TokenAccountData OfAccount(InstructionContext context, TokenAccountData account, byte type, PublicKey? authority)
    {
        if (account.IsFrozen) throw TokenCall.Fail(context, TokenError.AccountFrozen);
        switch (type)
        {
            case AccountOwner:
                TokenCall.RequireAuthority(context, account.Owner, 1);
                account.Owner = authority ?? throw TokenCall.Fail(context, TokenError.InvalidInstruction);
                account.Delegate = null;
                account.DelegatedAmount = 0;
                if (account.NativeReserve is not null) account.CloseAuthority = null;
                return account;
            case CloseAccount:
                TokenCall.RequireAuthority(context, account.CloseAuthority ?? account.Owner, 1);
                account.CloseAuthority = authority;
                return account;
            default:
                throw TokenCall.Fail(context, TokenError.AuthorityTypeNotSupported);
        }
    }

    private static TokenMintData OfMint(InstructionContext context, TokenMintData mint, byte type, PublicKey? authority)
    {
        switch (type)
        {
            case MintTokens:
                TokenCall.RequireAuthority(context, mint.MintAuthority ?? throw TokenCall.Fail(context, TokenError.FixedSupply), 1);
                mint.MintAuthority = authority;
                return mint;
            case FreezeAccount:
                TokenCall.RequireAuthority(context, mint.FreezeAuthority ?? throw TokenCall.Fail(context, TokenError.MintCannotFreeze), 1);
                mint.FreezeAuthority = authority;
                return mint;
            default:
                throw TokenCall.Fail(context, TokenError.AuthorityTypeNotSupported);
        }
    }
}
