using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Engine.Images;

/// <summary>A registry with one account.</summary>
internal static class GuardedRegistry
{
    public const string User = "tenant", Password = "right";

    /// <summary>bcrypt of <see cref="Password"/>, as htpasswd writes it.</summary>
    private const string Hash = "$2y$04$abcdefghijklmnopqrstuuFmEfrkTQnczNzw475xE2VhDrK1uwJiC";

    public static async Task<LoopbackRegistry> StartAsync()
    {
        var registry = new LoopbackRegistry($"{User}:{Hash}");
        await registry.StartAsync();
        return registry;
    }
}
