using Nosana.Programs.Accounts;
using Nosana.Programs.Borsh;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Instructions;

/// <summary>The two calls of Metaplex's token metadata program that make a token an access key: its metadata, and its place in a collection.</summary>
public static class TokenMetadataInstructions
{
    /// <summary>First byte of the data: <c>CreateMetadataAccountV3</c>.</summary>
    public const byte CreateMetadataAccountV3 = 33;

    /// <summary>First byte of the data: <c>VerifyCollection</c>.</summary>
    public const byte VerifyCollection = 18;

    /// <summary>Gives a mint its metadata. A collection named in it is not verified yet.</summary>
    /// <param name="mintAuthority">Signs.</param>
    /// <param name="payer">Pays for the account.</param>
    /// <param name="metadata">Texts, fee, creators, collection, update authority and mutability are taken.</param>
    public static TransactionInstruction Create(PublicKey mint, PublicKey mintAuthority, PublicKey payer, TokenMetadata metadata)
    {
        var writer = new BorshWriter();
        writer.U8(CreateMetadataAccountV3).String(metadata.Name).String(metadata.Symbol).String(metadata.Uri).U16(metadata.SellerFeeBasisPoints);
        writer.Bool(metadata.Creators.Count > 0);
        if (metadata.Creators.Count > 0)
        {
            writer.U32((uint)metadata.Creators.Count);
            foreach (TokenCreator creator in metadata.Creators) writer.PublicKey(creator.Address).Bool(creator.Verified).U8(creator.Share);
        }
        writer.Bool(metadata.Collection is not null);
        if (metadata.Collection is { } collection) writer.Bool(collection.Verified).PublicKey(collection.Key);
        writer.Bool(false).Bool(metadata.IsMutable).Bool(false); // no uses; no collection details
        return new TransactionInstruction(
            WellKnownAddresses.TokenMetadataProgram,
            [
                AccountMeta.Writable(ProgramAddresses.Metadata(mint).Address, isSigner: false),
                AccountMeta.ReadOnly(mint, isSigner: false),
                AccountMeta.ReadOnly(mintAuthority, isSigner: true),
                AccountMeta.Writable(payer, isSigner: true),
                AccountMeta.ReadOnly(metadata.UpdateAuthority, isSigner: metadata.UpdateAuthority == mintAuthority),
                AccountMeta.ReadOnly(WellKnownAddresses.SystemProgram, isSigner: false),
            ],
            writer.ToArray());
    }

    /// <summary>The collection's authority confirms that a token belongs to it.</summary>
    /// <param name="masterEdition">Master edition of the collection.</param>
    public static TransactionInstruction Verify(
        PublicKey mint, PublicKey collectionMint, PublicKey collectionAuthority, PublicKey payer, PublicKey masterEdition) => new(
            WellKnownAddresses.TokenMetadataProgram,
            [
                AccountMeta.Writable(ProgramAddresses.Metadata(mint).Address, isSigner: false),
                AccountMeta.Writable(collectionAuthority, isSigner: true),
                AccountMeta.Writable(payer, isSigner: true),
                AccountMeta.ReadOnly(collectionMint, isSigner: false),
                AccountMeta.ReadOnly(ProgramAddresses.Metadata(collectionMint).Address, isSigner: false),
                AccountMeta.ReadOnly(masterEdition, isSigner: false),
            ],
            [VerifyCollection]);

    /// <summary>Where the master edition of a mint lies.</summary>
    public static PublicKey MasterEdition(PublicKey mint) => ProgramDerivedAddress.Find(
        WellKnownAddresses.TokenMetadataProgram, "metadata"u8.ToArray(), WellKnownAddresses.TokenMetadataProgram.KeyBytes, mint.KeyBytes,
        "edition"u8.ToArray()).Address;
}
