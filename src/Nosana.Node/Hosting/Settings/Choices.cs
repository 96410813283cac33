namespace Nosana.Node.Hosting.Settings;

/// <summary>What was said of the network; null and empty where nothing was.</summary>
internal sealed class NetworkChoice
{
    public string? Network { get; set; }

    /// <summary>Info file of an embedded network.</summary>
    public string? Localnet { get; set; }

    public IReadOnlyList<Uri> Rpc { get; set; } = [];

    /// <summary>Requests a second.</summary>
    public double? RpcRate { get; set; }

    public Uri? Ws { get; set; }

    public Uri? IpfsApi { get; set; }

    public IReadOnlyList<Uri> IpfsGateway { get; set; } = [];

    public string? IpfsCredentialFile { get; set; }

    public string? IpfsJwt { get; set; }

    /// <summary>A URL, or <see cref="SettingType.NoHostManager"/>.</summary>
    public string? HostManager { get; set; }
}

/// <summary>What was said of the engine and of what jobs may use of it.</summary>
internal sealed class EngineChoice
{
    /// <summary>As <see cref="SettingType.Engine"/> reads it.</summary>
    public Uri Docker { get; set; } = new("unix:///var/run/docker.sock");

    /// <summary>Bytes.</summary>
    public long? Memory { get; set; }

    public decimal? Cpus { get; set; }

    /// <summary>Bytes.</summary>
    public long? Disk { get; set; }

    /// <summary>Registries that the operator names, as <see cref="SettingType.Registry"/> reads them.</summary>
    public IReadOnlyList<string> Registry { get; set; } = [];

    /// <summary>Each <c>PREFIX=URL</c>.</summary>
    public IReadOnlyList<string> Mirror { get; set; } = [];

    /// <summary>Ranges of addresses, as <see cref="SettingType.IpRange"/> reads them.</summary>
    public IReadOnlyList<string> Refuse { get; set; } = [];

    public double? ResourceCacheGb { get; set; }

    public double? ImageCacheGb { get; set; }
}

/// <summary>What was said of the host.</summary>
internal sealed class HostChoice
{
    public string? Key { get; set; }

    public string? State { get; set; }

    /// <summary>Gibibytes.</summary>
    public double? LogsGb { get; set; }

    public string? Market { get; set; }

    public bool CreateAccounts { get; set; }

    /// <summary>Out of the queue while the egress rules are not in place.</summary>
    public bool RequireEgress { get; set; }

    /// <summary>Of somebody whom no job has to do with.</summary>
    public Uri? ControlUrl { get; set; }

    public int ExposePort { get; set; } = Exposure.ExposureOptions.DefaultPort;

    /// <summary>Address and port.</summary>
    public string? ExposeTls { get; set; }

    public string? ExposeCertificate { get; set; }

    public string? ExposeKey { get; set; }

    /// <summary>Ranges of addresses, as <see cref="SettingType.IpRange"/> reads them.</summary>
    public IReadOnlyList<string> ExposeTrust { get; set; } = [];

    public int? ExposeConnections { get; set; }

    /// <summary>Requests a second.</summary>
    public double? ExposeRate { get; set; }

    /// <summary>Bytes.</summary>
    public long? ExposeBody { get; set; }

    public string? ExposeLog { get; set; }

    /// <summary>What a signal does to the job of a host that drains: <c>leave</c> or <c>stop</c>.</summary>
    public string SignalWhileDraining { get; set; } = HostSignals.Leave;

    /// <summary>Two capital letters.</summary>
    public string Country { get; set; } = "";

    /// <summary>See <see cref="LineSpeed"/>.</summary>
    public string? Line { get; set; }
}

/// <summary>What was said of the log.</summary>
internal sealed class LogChoice
{
    /// <summary>auto, text, journald or json.</summary>
    public string LogFormat { get; set; } = "auto";

    public bool Verbose { get; set; }
}
