using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>Closes a market and pays its vault out, whatever is still owed to jobs: by its authority, or by the administrator.</summary>
internal sealed class CloseInstruction : AnchorInstruction
{
    private readonly JobsSetup _setup;
    private readonly DataRule<MarketAccount> _market;
    private readonly TokenRule _vault, _user;
    private readonly SignerRule _authority;

    public CloseInstruction(JobsSetup setup, bool byAdministrator) : base(byAdministrator ? JobsLayout.CloseAdmin : JobsLayout.Close)
    {
        _setup = setup;
        _market = Data<MarketAccount>("market", setup.Addresses.Jobs).Mut().Close(() => _authority!);
        if (!byAdministrator) _market.HasOne(() => _authority!, market => market.Authority, CommonError.Unauthorized);
        _market.HasOne(() => _vault!, market => market.Vault, CommonError.InvalidVault);
        _vault = Token("vault").Mut();
        _user = Token("user").Mut();
        _authority = Signer("authority");
        if (byAdministrator) _authority.At(_ => setup.Addresses.MarketAdmin, CommonError.Unauthorized);
        TokenProgram();
    }

    public override void Handle(AnchorCall call)
    {
        byte[][] seeds = _setup.VaultSeeds(call, _market);
        Tokens.TransferFromVault(call, _vault, _user, _vault.Of(call).Amount, seeds);
        Tokens.CloseVault(call, _vault, _authority, seeds);
    }
}
