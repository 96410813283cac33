namespace Nosana.Docker.Models;

/// <summary>The <c>{}</c> that Go writes as the value of a set.</summary>
public readonly record struct EmptyStruct;
