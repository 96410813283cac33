using System.Text.Json;

namespace Nosana.JobDefinition.Validation;

/// <summary>Which way a verdict differs from the kit's (@nosana/types 2.1.6).</summary>
public enum DifferenceEffect
{
    /// <summary>Another official client accepts it, so it is accepted here with a warning.</summary>
    AcceptedHere,

    /// <summary>Refused here although the kit accepts it.</summary>
    RefusedHere,

    /// <summary>The kit throws instead of giving a verdict; refused here.</summary>
    ThrowsThere,
}

/// <summary>One place where union mode differs from the kit's verdict on purpose.</summary>
/// <param name="Id">Short name.</param>
/// <param name="Field">The place, with <c>[]</c> for any index.</param>
/// <param name="Effect">Which way.</param>
/// <param name="Applies">
/// Whether a fault is of this kind: its place (indices as <c>[]</c>), its <c>expected</c> and, when known, the value found there.
/// For <see cref="DifferenceEffect.AcceptedHere"/> it is the kit's fault, otherwise ours.
/// </param>
/// <param name="Example">A whole definition that shows it.</param>
/// <param name="Reason">Why.</param>
public sealed record DeliberateDifference(
    string Id,
    string Field,
    DifferenceEffect Effect,
    Func<string, string, JsonElement?, bool> Applies,
    string Example,
    string Reason);
