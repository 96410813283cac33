using Nosana.Node.Engine.Egress;

namespace Nosana.Node.Tests.Support;

internal static class Policies
{
    /// <summary>That of a machine whose operator chose nothing.</summary>
    public static AddressPolicy Default(TimeProvider? time = null) =>
        new(new EgressGuard(time ?? TimeProvider.System, "/nonexistent/marker"), new RefusedRanges([]), time ?? TimeProvider.System);
}
