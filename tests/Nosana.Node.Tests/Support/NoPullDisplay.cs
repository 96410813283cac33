using Nosana.Node.Engine.Images;
using Nosana.Node.Jobs;

namespace Nosana.Node.Tests.Support;

internal sealed class NoPullDisplay : IPullDisplay
{
    public IPullProgress Begin(string image) => new Nothing();

    private sealed class Nothing : IPullProgress
    {
        public void Report(PullProgress value)
        {
        }

        public void Dispose()
        {
        }
    }
}
