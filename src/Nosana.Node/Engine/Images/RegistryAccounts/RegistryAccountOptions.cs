namespace Nosana.Node.Engine.Images.RegistryAccounts;

/// <summary>Where the operator's registry accounts are.</summary>
internal sealed record RegistryAccountOptions
{
    /// <summary>Docker's <c>config.json</c>.</summary>
    public required string ConfigFile { get; init; }

    /// <summary>Where programs that keep accounts are looked for, in this order.</summary>
    public required IReadOnlyList<string> HelperDirectories { get; init; }
}
