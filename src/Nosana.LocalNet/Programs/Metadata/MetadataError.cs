namespace Nosana.LocalNet.Programs.Metadata;

/// <summary>Errors of the token metadata program that this network can raise.</summary>
internal enum MetadataError : uint
{
    InstructionUnpackError = 0,
    AlreadyInitialized = 3,
    InvalidMetadataKey = 5,
    NameTooLong = 11,
    SymbolTooLong = 12,
    UriTooLong = 13,
    InvalidMintAuthority = 15,
    CollectionNotFound = 80,
    InvalidCollectionUpdateAuthority = 81,
    CollectionCannotBeVerifiedInThisInstruction = 88,
}
