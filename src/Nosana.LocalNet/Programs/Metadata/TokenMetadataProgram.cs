using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Programs.Anchor;
using Nosana.LocalNet.Runtime;
using Nosana.Programs.Accounts;
using Nosana.Programs.Borsh;
using Nosana.Programs.Instructions;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;
using SystemProgram = Nosana.Solana.Programs.SystemProgram;

namespace Nosana.LocalNet.Programs.Metadata;

/// <summary>
/// As much of Metaplex's token metadata as access keys need: creating a mint's metadata and verifying its collection.
/// Editions are not part of this network: a collection is known by its metadata alone.
/// </summary>
internal sealed class TokenMetadataProgram(DerivedAddresses derived) : IOnChainProgram
{
    /// <summary>Bytes that Metaplex allocates for metadata without programmable configuration.</summary>
    private const int AllocatedLength = 607;

    private const byte FungibleAsset = 1;

    public PublicKey Id => WellKnownAddresses.TokenMetadataProgram;

    public void Execute(InstructionContext context)
    {
        switch (context.Data.FirstOrDefault())
        {
            case TokenMetadataInstructions.CreateMetadataAccountV3:
                context.Log("IX: Create Metadata Accounts v3");
                Create(context);
                break;
            case TokenMetadataInstructions.VerifyCollection:
                context.Log("IX: Verify Collection");
                Verify(context);
                break;
            default:
                throw new InstructionFailure((uint)MetadataError.InstructionUnpackError);
        }
    }

    private void Create(InstructionContext context)
    {
        AccountView account = context.Account(0), mint = context.Account(1), mintAuthority = context.Account(2);
        AccountView payer = context.Account(3), updateAuthority = context.Account(4);
        var reader = new BorshReader(context.Data.AsSpan(1));
        TokenMetadata metadata = ReadArguments(ref reader) with { UpdateAuthority = updateAuthority.Key, Mint = mint.Key, TokenStandard = FungibleAsset };
        Require(!reader.Failed, MetadataError.InstructionUnpackError);

        byte[][] seeds = ["metadata"u8.ToArray(), Id.KeyBytes, mint.Key.KeyBytes];
        (PublicKey address, byte bump) = derived.Find(Id, seeds);
        Require(account.Key == address, MetadataError.InvalidMetadataKey);
        Require(account.IsClosed, MetadataError.AlreadyInitialized);
        if (mint.Owner != WellKnownAddresses.TokenProgram) throw new InstructionFailure(InstructionError.IncorrectProgramId);
        Require(TokenMintData.Read(mint.Data).MintAuthority == mintAuthority.Key && mintAuthority.IsSigner, MetadataError.InvalidMintAuthority);
        Require(metadata.Name.Length <= TokenMetadata.NameLength, MetadataError.NameTooLong);
        Require(metadata.Symbol.Length <= TokenMetadata.SymbolLength, MetadataError.SymbolTooLong);
        Require(metadata.Uri.Length <= TokenMetadata.UriLength, MetadataError.UriTooLong);
        Require(metadata.Collection is not { Verified: true }, MetadataError.CollectionCannotBeVerifiedInThisInstruction);

        context.Invoke(SystemProgram.CreateAccount(payer.Key, account.Key, Rent.MinimumBalance(AllocatedLength), AllocatedLength, Id), [.. seeds, [bump]]);
        // The nonce is the bump of the mint's edition, whether or not there is one.
        byte edition = derived.Find(Id, "metadata"u8.ToArray(), Id.KeyBytes, mint.Key.KeyBytes, "edition"u8.ToArray()).Bump;
        Write(account, metadata with { EditionNonce = edition });
    }

    private void Verify(InstructionContext context)
    {
        AccountView account = context.Account(0), authority = context.Account(1), collectionMint = context.Account(3), collectionAccount = context.Account(4);
        if (!authority.IsSigner) throw new InstructionFailure(InstructionError.MissingRequiredSignature);
        TokenMetadata metadata = Read(account), collection = Read(collectionAccount);
        Require(
            metadata.Collection?.Key == collectionMint.Key && collection.Mint == collectionMint.Key
            && collectionAccount.Key == derived.Metadata(collectionMint.Key),
            MetadataError.CollectionNotFound);
        Require(collection.UpdateAuthority == authority.Key, MetadataError.InvalidCollectionUpdateAuthority);
        Write(account, metadata with { Collection = new TokenCollection(Verified: true, collectionMint.Key) });
    }

    private static TokenMetadata ReadArguments(ref BorshReader reader)
    {
        var metadata = new TokenMetadata
        {
            Name = reader.ReadString(),
            Symbol = reader.ReadString(),
            Uri = reader.ReadString(),
            SellerFeeBasisPoints = reader.ReadU16(),
        };
        if (reader.ReadBool())
        {
            var creators = new List<TokenCreator>();
            for (uint count = reader.ReadU32(); creators.Count < count && !reader.Failed;)
                creators.Add(new TokenCreator(reader.ReadPublicKey(), reader.ReadBool(), reader.ReadU8()));
            metadata = metadata with { Creators = creators };
        }
        if (reader.ReadBool()) metadata = metadata with { Collection = new TokenCollection(reader.ReadBool(), reader.ReadPublicKey()) };
        if (reader.ReadBool()) reader.ReadBytes(1 + sizeof(ulong) + sizeof(ulong)); // uses: method, remaining, total
        return metadata with { IsMutable = reader.ReadBool() };
    }

    private TokenMetadata Read(AccountView account) => account.Owner == Id && TokenMetadata.TryDecode(account.Data, out TokenMetadata? metadata)
        ? metadata
        : throw new InstructionFailure(account.Owner == Id ? InstructionError.InvalidAccountData : InstructionError.IncorrectProgramId);

    private static void Write(AccountView account, TokenMetadata metadata)
    {
        byte[] bytes = metadata.Encode();
        Span<byte> data = account.MutableData();
        data.Clear();
        bytes.CopyTo(data);
    }

    private static void Require(bool condition, MetadataError error)
    {
        if (!condition) throw new InstructionFailure((uint)error);
    }
}
