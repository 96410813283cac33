namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>Any account whatever; only its constraints, if it has some, are checked.</summary>
internal sealed class UncheckedRule(string name) : AccountRule(name)
{
    internal override void CheckType(AnchorCall call)
    {
    }
}
