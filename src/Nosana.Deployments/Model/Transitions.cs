using System.Collections.Frozen;

namespace Nosana.Deployments.Model;

/// <summary>What moves a deployment from one status to another.</summary>
public enum Trigger
{
    /// <summary>Its owner starts it.</summary>
    Start,

    /// <summary>Its owner stops it.</summary>
    Stop,

    /// <summary>Its owner archives it.</summary>
    Archive,

    /// <summary>What it is to do first is worked out and written down.</summary>
    Begun,

    /// <summary>All that it was to do is done, and no job of it is left.</summary>
    Finished,

    /// <summary>The vault cannot pay for what is next.</summary>
    FundsMissing,

    /// <summary>The vault can pay again.</summary>
    FundsFound,

    /// <summary>Job after job ended at once: going on would burn the owner's money.</summary>
    FailSafe,

    /// <summary>Tries of the same have failed for longer than makes sense.</summary>
    GivenUp,

    /// <summary>Its owner is in debt: nothing of his goes on.</summary>
    Banned,
}

/// <summary>Every transition there is. What is not here is refused, by whoever asks for it.</summary>
public static class Transitions
{
    private static readonly (DeploymentStatus From, Trigger On, DeploymentStatus To)[] s_rows =
    [
        (DeploymentStatus.Draft, Trigger.Start, DeploymentStatus.Starting),
        (DeploymentStatus.Stopped, Trigger.Start, DeploymentStatus.Starting),
        (DeploymentStatus.Error, Trigger.Start, DeploymentStatus.Starting),
        (DeploymentStatus.InsufficientFunds, Trigger.Start, DeploymentStatus.Starting),

        (DeploymentStatus.Starting, Trigger.Stop, DeploymentStatus.Stopping),
        (DeploymentStatus.Running, Trigger.Stop, DeploymentStatus.Stopping),
        (DeploymentStatus.Error, Trigger.Stop, DeploymentStatus.Stopping),
        (DeploymentStatus.InsufficientFunds, Trigger.Stop, DeploymentStatus.Stopping),

        (DeploymentStatus.Stopped, Trigger.Archive, DeploymentStatus.Archived),

        (DeploymentStatus.Starting, Trigger.Begun, DeploymentStatus.Running),

        (DeploymentStatus.Running, Trigger.Finished, DeploymentStatus.Stopped),
        (DeploymentStatus.Stopping, Trigger.Finished, DeploymentStatus.Stopped),

        (DeploymentStatus.Starting, Trigger.FundsMissing, DeploymentStatus.InsufficientFunds),
        (DeploymentStatus.Running, Trigger.FundsMissing, DeploymentStatus.InsufficientFunds),
        (DeploymentStatus.InsufficientFunds, Trigger.FundsFound, DeploymentStatus.Running),

        (DeploymentStatus.Running, Trigger.FailSafe, DeploymentStatus.Stopping),

        (DeploymentStatus.Starting, Trigger.GivenUp, DeploymentStatus.Error),
        (DeploymentStatus.Running, Trigger.GivenUp, DeploymentStatus.Error),
        (DeploymentStatus.Stopping, Trigger.GivenUp, DeploymentStatus.Error),
        (DeploymentStatus.InsufficientFunds, Trigger.GivenUp, DeploymentStatus.Error),

        .. Enum.GetValues<DeploymentStatus>().Where(status => status != DeploymentStatus.Archived)
            .Select(status => (status, Trigger.Banned, DeploymentStatus.Archived)),
    ];

    private static readonly FrozenDictionary<(DeploymentStatus, Trigger), DeploymentStatus> s_table =
        s_rows.ToFrozenDictionary(row => (row.From, row.On), row => row.To);

    /// <summary>As data: for whoever shows or checks them.</summary>
    public static IReadOnlyList<(DeploymentStatus From, Trigger On, DeploymentStatus To)> All => s_rows;

    /// <returns>Null when the status does not allow it.</returns>
    public static DeploymentStatus? Find(DeploymentStatus from, Trigger on) => s_table.TryGetValue((from, on), out DeploymentStatus to) ? to : null;

    /// <summary>Whether the deployment is to be kept as it is wished.</summary>
    public static bool IsLive(this DeploymentStatus status) =>
        status is DeploymentStatus.Starting or DeploymentStatus.Running or DeploymentStatus.InsufficientFunds;
}
