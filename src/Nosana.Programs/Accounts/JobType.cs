namespace Nosana.Programs.Accounts;

/// <summary>A market's kind of jobs. Informational, but <see cref="Unknown"/> keeps its queue from taking anything.</summary>
public enum JobType : byte
{
    Default = 0,
    Small = 1,
    Medium = 2,
    Large = 3,
    Gpu = 4,
    Unknown = 255,
}
