namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>The order in which Anchor checks the constraints of one account, whatever their order in the source.</summary>
internal enum ConstraintStage
{
    Seeds,
    Mutable,
    Signer,
    HasOne,
    Custom,
    Owner,
    Token,
    Close,
    Address,
}
