namespace Nosana.Node.Jobs.Ops;

/// <summary>What the owner of a job asks of one of its operations while it runs.</summary>
internal enum OpCommandKind
{
    Stop,
    Restart,
}
