using Nosana.Node.Engine.Images;

namespace Nosana.Node.Jobs;

/// <summary>Shows a pull to whoever watches: a bar on a terminal, plain lines elsewhere.</summary>
internal interface IPullDisplay
{
    /// <summary>One pull; disposing ends its display.</summary>
    IPullProgress Begin(string image);
}

internal interface IPullProgress : IProgress<PullProgress>, IDisposable;
