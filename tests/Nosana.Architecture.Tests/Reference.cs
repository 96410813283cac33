namespace Nosana.Architecture.Tests;

/// <summary>Something named that uses something named, and where a reader finds the use.</summary>
internal sealed record Reference(string From, string To, string Where);
