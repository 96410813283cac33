using Nosana.LocalNet.Runtime;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>Mints the tokens that give access to a market, with the real programs' instructions.</summary>
internal sealed class AccessKeys
{
    private readonly TestChain _chain;
    private readonly Dictionary<PublicKey, PublicKey> _mints = [];

    public AccessKeys(TestChain chain)
    {
        _chain = chain;
        Collection = CreateMint(TestChain.Administrator, collection: null);
    }

    public PublicKey Collection { get; }

    /// <summary>A key of its own for a wallet; the collection is verified unless asked otherwise.</summary>
    public PublicKey Give(PublicKey wallet, bool verified = true)
    {
        PublicKey mint = CreateMint(wallet, new TokenCollection(Verified: false, Collection));
        if (verified)
        {
            _chain.Send(TestChain.Administrator, TokenMetadataInstructions.Verify(
                mint, Collection, TestChain.Administrator, TestChain.Administrator, TokenMetadataInstructions.MasterEdition(Collection)));
        }
        return _mints[wallet] = mint;
    }

    public PublicKey MintOf(PublicKey wallet) => _mints[wallet];

    public PublicKey TokenAccountOf(PublicKey wallet) => AssociatedTokenAccount.Derive(wallet, _mints[wallet]);

    public PublicKey MetadataOf(PublicKey wallet) => ProgramAddresses.Metadata(_mints[wallet]).Address;

    private PublicKey CreateMint(PublicKey wallet, TokenCollection? collection)
    {
        PublicKey mint = _chain.NewKey(), admin = TestChain.Administrator;
        const int length = TokenProgram.MintAccountDataSize;
        var metadata = new TokenMetadata
        {
            UpdateAuthority = admin,
            Name = "Access key",
            Symbol = "KEY",
            Uri = "https://example.org/key.json",
            IsMutable = true,
            Creators = [new TokenCreator(admin, Verified: false, Share: 100)],
            Collection = collection,
        };
        _chain.Send(
            admin,
            SystemProgram.CreateAccount(admin, mint, Rent.MinimumBalance(length), length, WellKnownAddresses.TokenProgram),
            TokenProgram.InitializeMint2(mint, decimals: 0, admin),
            AssociatedTokenAccountProgram.CreateAssociatedTokenAccount(admin, wallet, mint),
            TokenProgram.MintTo(mint, AssociatedTokenAccount.Derive(wallet, mint), 1, admin),
            TokenMetadataInstructions.Create(mint, admin, admin, metadata));
        return mint;
    }
}
