using Nosana.Node.Ssh.Shells;

namespace Nosana.Node.Tests.Ssh;

public sealed class ShellSeatsTests
{
    [Fact]
    public void TryTake_BeyondTheLimits_GetsNoneUntilOneIsFree()
    {
        var seats = new ShellSeats(mostOfAJob: 2, most: 3);
        IDisposable?[] taken = [seats.TryTake("a"), seats.TryTake("a"), seats.TryTake("a"), seats.TryTake("b"), seats.TryTake("c")];
        Assert.Equal([true, true, false, true, false], taken.Select(seat => seat is not null));
        taken[0]!.Dispose();
        taken[0]!.Dispose();
        Assert.Equal(2, seats.Taken);
        Assert.NotNull(seats.TryTake("c"));
        Assert.Null(seats.TryTake("a"));
    }
}
