using Nosana.JobDefinition.Ssh;

namespace Nosana.JobDefinition.Model;

/// <summary>
/// One job definition that passed validation. Parts that no placeholder can touch are typed; the arguments of an
/// operation stay as written until its placeholders are resolved (<see cref="OperationArgs"/>).
/// </summary>
public sealed record Definition
{
    /// <summary>Text such as <c>0.1</c>; older clients wrote others.</summary>
    public required string Version { get; init; }

    /// <summary>Always <c>container</c>.</summary>
    public string Type { get; init; } = "container";

    /// <summary>Operations in the order of the document; their index names containers and endpoints.</summary>
    public required IReadOnlyList<Operation> Ops { get; init; }

    /// <summary>Null when the document has none.</summary>
    public Meta? Meta { get; init; }

    /// <summary>Null when the document has none.</summary>
    public GlobalDefaults? Global { get; init; }

    /// <summary>Null for a public job.</summary>
    public Logistics? Logistics { get; init; }

    /// <summary>Deployment that this job belongs to; null when it stands alone.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>Access for the poster by SSH; null when not asked for.</summary>
    public SshAccess? Ssh { get; init; }

    /// <summary>The document as JSON, UTF-8, as it was read (converted, when it came as YAML). This is what a flow stores.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>A confidential job's placeholder: the real definition comes by <see cref="Model.Logistics.Send"/>.</summary>
    public bool AwaitsDefinition => Logistics?.Send is not null;

    /// <summary>The operation of that id, or null.</summary>
    public Operation? FindOp(string id)
    {
        foreach (Operation op in Ops)
            if (op.Id == id) return op;
        return null;
    }
}

/// <summary>The poster's wish to reach the job by SSH.</summary>
/// <param name="PublicKeys">Those that can be used, within <see cref="SshKeySet"/>'s limits; may be empty.</param>
public sealed record SshAccess(IReadOnlyList<SshPublicKey> PublicKeys);
