namespace Nosana.Node.Engine.Resources;

/// <summary>Kinds of what goes wrong with a remote resource.</summary>
internal enum ResourceFault
{
    /// <summary>The resource is written in a way that nothing can be fetched by, or asks for what nobody may have.</summary>
    Invalid,

    /// <summary>The bucket, repository, model or file does not exist.</summary>
    NotFound,

    /// <summary>The source wants other credentials.</summary>
    Denied,

    /// <summary>The source does not answer, or nothing gets on.</summary>
    Unavailable,

    /// <summary>What came is not what was announced.</summary>
    Corrupt,

    /// <summary>More than any host takes.</summary>
    TooLarge,

    /// <summary>This host's disk, or what its operator gives of it, is full.</summary>
    NoSpace,
}
