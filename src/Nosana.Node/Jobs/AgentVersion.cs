using System.Reflection;

namespace Nosana.Node.Jobs;

/// <summary>Which version of this program runs.</summary>
internal static class AgentVersion
{
    /// <summary>As of a release, without what a build appends to it.</summary>
    public static string Text { get; } =
        typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
