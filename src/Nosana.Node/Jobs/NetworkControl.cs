namespace Nosana.Node.Jobs;

/// <summary>
/// Whether this host hears anybody: asked when something that a definition names never came. What is asked then is named by no definition. If it
/// answers, the definition's sources are at fault, and else this host's network.
/// </summary>
internal delegate Task<bool> NetworkControl(CancellationToken cancel);
