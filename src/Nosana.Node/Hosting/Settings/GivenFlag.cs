namespace Nosana.Node.Hosting.Settings;

/// <summary>A setting on the command line.</summary>
/// <param name="Written">The flag as it was typed, which may be an alias.</param>
internal sealed record GivenFlag(Setting Setting, string Written, IReadOnlyList<string> Texts);
