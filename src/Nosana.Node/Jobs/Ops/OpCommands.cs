namespace Nosana.Node.Jobs.Ops;

/// <summary>A command to an operation or group cannot be carried out. Nothing was changed.</summary>
internal sealed class OpCommandException(string code, string message) : Exception(message)
{
    /// <summary>No operation of the job is in such a group.</summary>
    public const string GroupNotFound = "GROUP_NOT_FOUND";

    /// <summary>The group has ended, or its turn has not come.</summary>
    public const string GroupNotActive = "GROUP_NOT_ACTIVE";

    public const string InvalidOpId = "INVALID_OPID";

    /// <summary>An earlier command is stopping the operation.</summary>
    public const string Stopping = "OPERATION_STOPPING";

    /// <summary>An earlier command is restarting the operation.</summary>
    public const string Restarting = "OPERATION_RESTARTING";

    /// <summary>The code that the network's clients know.</summary>
    public string Code { get; } = code;
}

/// <summary>What the owner of a job asks of one of its operations while it runs.</summary>
internal enum OpCommandKind
{
    Stop,
    Restart,
}
