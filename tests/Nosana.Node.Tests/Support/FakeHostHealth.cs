using Nosana.Node.Market;

namespace Nosana.Node.Tests.Support;

internal sealed class FakeHostHealth(Func<string?> problem) : IHostHealth
{
    public Task<string?> ProblemAsync(CancellationToken cancel) => Task.FromResult(problem());
}
