namespace Nosana.Testing;

/// <summary>
/// The longest time of a test in which nothing moves the clock but the test itself: a wait that nothing ends then fails by its name
/// instead of standing still. Far more than a busy machine takes.
/// </summary>
internal static class TestLimit
{
    public const int Milliseconds = 240_000;
}
