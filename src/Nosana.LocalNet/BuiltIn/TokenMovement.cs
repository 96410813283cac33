using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>The token instructions that change amounts. The order of the checks is the program's: clients see the first that fails.</summary>
internal static class TokenMovement
{
    private static readonly PublicKey Incinerator = new("1nc1nerator11111111111111111111111111111111");

    public static void Transfer(InstructionContext context, ulong amount, byte? decimals)
    {
        int next = 0;
        AccountView sourceView = context.Account(next++);
        AccountView? mintView = decimals is null ? null : context.Account(next++);
        AccountView destinationView = context.Account(next++);
        int authority = next;
        TokenCall.RequireAccount(context, authority);
        bool toItself = sourceView.Key == destinationView.Key;
        TokenAccountData source = TokenAccountData.Read(sourceView.Data), destination = TokenAccountData.Read(destinationView.Data);
        if (source.IsFrozen || destination.IsFrozen) throw TokenCall.Fail(context, TokenError.AccountFrozen);
        if (source.Amount < amount) throw TokenCall.Fail(context, TokenError.InsufficientFunds);
        if (source.Mint != destination.Mint) throw TokenCall.Fail(context, TokenError.MintMismatch);
        if (mintView is not null) CheckMint(context, mintView, source.Mint, decimals);
        Authorize(context, source, amount, authority, spend: !toItself);
        if (toItself || amount == 0)
        {
            TokenCall.RequireOwned(sourceView);
            TokenCall.RequireOwned(destinationView);
        }
        if (toItself) return;
        source.Amount -= amount;
        destination.Amount = Add(context, destination.Amount, amount);
        if (source.NativeReserve is not null)
        {
            sourceView.Lamports = Subtract(context, sourceView.Lamports, amount);
            destinationView.Lamports = Add(context, destinationView.Lamports, amount);
        }
        sourceView.SetData(source.ToBytes(sourceView.Data));
        destinationView.SetData(destination.ToBytes(destinationView.Data));
    }

    public static void MintTo(InstructionContext context, ulong amount, byte? decimals)
    {
        AccountView mintView = context.Account(0), accountView = context.Account(1);
        TokenCall.RequireAccount(context, 2);
        TokenAccountData account = TokenAccountData.Read(accountView.Data);
        if (account.IsFrozen) throw TokenCall.Fail(context, TokenError.AccountFrozen);
        if (account.NativeReserve is not null) throw TokenCall.Fail(context, TokenError.NativeNotSupported);
        TokenMintData mint = CheckMint(context, mintView, account.Mint, decimals);
        if (mint.MintAuthority is not { } authority) throw TokenCall.Fail(context, TokenError.FixedSupply);
        TokenCall.RequireAuthority(context, authority, 2);
        if (amount == 0)
        {
            TokenCall.RequireOwned(mintView);
            TokenCall.RequireOwned(accountView);
        }
        account.Amount = Add(context, account.Amount, amount);
        mint.Supply = Add(context, mint.Supply, amount);
        accountView.SetData(account.ToBytes(accountView.Data));
        mintView.SetData(mint.ToBytes(mintView.Data));
    }

    public static void Burn(InstructionContext context, ulong amount, byte? decimals)
    {
        AccountView accountView = context.Account(0), mintView = context.Account(1);
        TokenCall.RequireAccount(context, 2);
        TokenAccountData account = TokenAccountData.Read(accountView.Data);
        TokenMintData mint = TokenMintData.Read(mintView.Data);
        if (account.IsFrozen) throw TokenCall.Fail(context, TokenError.AccountFrozen);
        if (account.NativeReserve is not null) throw TokenCall.Fail(context, TokenError.NativeNotSupported);
        if (account.Amount < amount) throw TokenCall.Fail(context, TokenError.InsufficientFunds);
        CheckMint(context, mintView, account.Mint, decimals);
        bool ownerless = account.Owner.IsZero || account.Owner == Incinerator;
        if (!ownerless) Authorize(context, account, amount, 2, spend: true);
        if (amount == 0)
        {
            TokenCall.RequireOwned(accountView);
            TokenCall.RequireOwned(mintView);
        }
        account.Amount -= amount;
        mint.Supply = Subtract(context, mint.Supply, amount);
        accountView.SetData(account.ToBytes(accountView.Data));
        mintView.SetData(mint.ToBytes(mintView.Data));
    }

    public static void Close(InstructionContext context)
    {
        AccountView accountView = context.Account(0), destination = context.Account(1);
        TokenCall.RequireAccount(context, 2);
        if (accountView.Key == destination.Key) throw new InstructionFailure(InstructionError.InvalidAccountData);
        TokenAccountData account = TokenAccountData.Read(accountView.Data);
        if (account.NativeReserve is null && account.Amount != 0) throw TokenCall.Fail(context, TokenError.NonNativeHasBalance);
        bool ownerless = account.Owner.IsZero || account.Owner == Incinerator;
        if (!ownerless) TokenCall.RequireAuthority(context, account.CloseAuthority ?? account.Owner, 2);
        else if (destination.Key != Incinerator) throw new InstructionFailure(InstructionError.InvalidAccountData);
        accountView.Close(destination);
    }

    public static void SyncNative(InstructionContext context)
    {
        AccountView accountView = context.Account(0);
        TokenCall.RequireOwned(accountView);
        if (context.Accounts.Count > 1) TokenInitialize.CheckSysvar(context, 1);
        TokenAccountData account = TokenAccountData.Read(accountView.Data);
        if (account.NativeReserve is not { } reserve) throw TokenCall.Fail(context, TokenError.NonNativeNotSupported);
        ulong amount = Subtract(context, accountView.Lamports, reserve);
        if (amount < account.Amount) throw TokenCall.Fail(context, TokenError.InvalidState);
        account.Amount = amount;
        accountView.SetData(account.ToBytes(accountView.Data));
    }

    private static TokenMintData CheckMint(InstructionContext context, AccountView mintView, PublicKey expected, byte? decimals)
    {
        if (mintView.Key != expected) throw TokenCall.Fail(context, TokenError.MintMismatch);
        TokenMintData mint = TokenMintData.Read(mintView.Data);
        if (decimals is { } wanted && wanted != mint.Decimals) throw TokenCall.Fail(context, TokenError.MintDecimalsMismatch);
        return mint;
    }

    /// <summary>The delegate within what he was approved for, or the owner.</summary>
    private static void Authorize(InstructionContext context, TokenAccountData account, ulong amount, int authority, bool spend)
    {
        if (account.Delegate is not { } delegated || context.Account(authority).Key != delegated)
        {
            TokenCall.RequireAuthority(context, account.Owner, authority);
            return;
        }
        TokenCall.RequireAuthority(context, delegated, authority);
        if (account.DelegatedAmount < amount) throw TokenCall.Fail(context, TokenError.InsufficientFunds);
        if (!spend) return;
        account.DelegatedAmount -= amount;
        if (account.DelegatedAmount == 0) account.Delegate = null;
    }

    private static ulong Add(InstructionContext context, ulong value, ulong amount) =>
        value <= ulong.MaxValue - amount ? value + amount : throw TokenCall.Fail(context, TokenError.Overflow);

    private static ulong Subtract(InstructionContext context, ulong value, ulong amount) =>
        value >= amount ? value - amount : throw TokenCall.Fail(context, TokenError.Overflow);
}
