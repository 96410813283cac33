using Nosana.Programs.Errors;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>An error that an Anchor program can raise: its name in the log, its number in the answer.</summary>
internal readonly record struct ErrorCode(ErrorFamily Family, string Name, int Number)
{
    /// <summary>The sentence of the log's last part; not the programs' own words.</summary>
    public string Message => NosanaErrors.Explain(Family, Name) ?? Name;

    public static implicit operator ErrorCode(AnchorError error) => new(ErrorFamily.Anchor, error.ToString(), (int)error);

    public static implicit operator ErrorCode(CommonError error) => new(ErrorFamily.Common, error.ToString(), (int)error);

    public static implicit operator ErrorCode(JobsError error) => new(ErrorFamily.Jobs, error.ToString(), (int)error);

    public static implicit operator ErrorCode(StakingError error) => new(ErrorFamily.Staking, error.ToString(), (int)error);

    public static implicit operator ErrorCode(NodesError error) => new(ErrorFamily.Nodes, error.ToString(), (int)error);

    public static implicit operator ErrorCode(PoolsError error) => new(ErrorFamily.Pools, error.ToString(), (int)error);
}
