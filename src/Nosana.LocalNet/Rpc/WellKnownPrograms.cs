namespace Nosana.LocalNet.Rpc;

/// <summary>Programs that clients ask about although this network does not run them.</summary>
internal static class WellKnownPrograms
{
    public const string Token2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";
}
