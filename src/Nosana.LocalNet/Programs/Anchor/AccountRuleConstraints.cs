using Nosana.Programs.Errors;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>The constraints that any kind of account can carry.</summary>
internal static class AccountRuleConstraints
{
    /// <summary>Must be writable.</summary>
    public static T Mut<T>(this T rule) where T : AccountRule
    {
        rule.IsMut = true;
        rule.Add(ConstraintStage.Mutable, call => rule.Require(call, rule.View(call).IsWritable, AnchorError.ConstraintMut));
        return rule;
    }

    /// <summary>May be the same account as another.</summary>
    public static T Dup<T>(this T rule) where T : AccountRule
    {
        rule.AllowsDuplicate = true;
        return rule;
    }

    /// <summary>Must have signed, with an error of the program's own.</summary>
    public static T Signed<T>(this T rule, ErrorCode error) where T : AccountRule
    {
        rule.Add(ConstraintStage.Signer, call => rule.Require(call, rule.View(call).IsSigner, error));
        return rule;
    }

    /// <summary>A condition on the whole call.</summary>
    public static T Where<T>(this T rule, Func<AnchorCall, bool> condition, ErrorCode error) where T : AccountRule
    {
        rule.Add(ConstraintStage.Custom, call => rule.Require(call, condition(call), error));
        return rule;
    }

    /// <summary>Must belong to this program.</summary>
    public static T Owner<T>(this T rule, PublicKey owner, ErrorCode error) where T : AccountRule
    {
        rule.Add(ConstraintStage.Owner, call => rule.Require(call, rule.View(call).Owner == owner, error));
        return rule;
    }

    /// <summary>Must be this address.</summary>
    public static T At<T>(this T rule, Func<AnchorCall, PublicKey> address, ErrorCode error) where T : AccountRule
    {
        rule.Add(ConstraintStage.Address, call => rule.RequireEqual(call, rule.Key(call), address(call), error));
        return rule;
    }

    /// <summary>Must be the derived address of these seeds.</summary>
    public static T Seeded<T>(this T rule, Func<AnchorCall, byte[][]> seeds) where T : AccountRule
    {
        rule.Add(ConstraintStage.Seeds, call =>
        {
            (PublicKey address, byte bump) = call.Derive(seeds(call));
            rule.RequireEqual(call, rule.Key(call), address, AnchorError.ConstraintSeeds);
            call.Bumps[rule.Index] = bump;
        });
        return rule;
    }
}
