namespace Nosana.Docker.Models;

/// <summary>Query of <c>POST /images/create</c>: a pull (<see cref="FromImage"/>) or an import (<see cref="FromSrc"/>).</summary>
public sealed class ImagesCreateParameters
{
    /// <summary>Reference to pull: with its tag or digest, or without and the tag in <see cref="Tag"/>.</summary>
    public string? FromImage { get; set; }

    /// <summary><c>-</c> to import the request's stream.</summary>
    public string? FromSrc { get; set; }

    /// <summary>Repository that an import gets.</summary>
    public string? Repo { get; set; }

    /// <summary>Tag or digest; null with a <see cref="FromImage"/> that has neither means <c>latest</c>, never all tags.</summary>
    public string? Tag { get; set; }

    public string? Message { get; set; }

    public string? Platform { get; set; }

    /// <summary>Dockerfile instructions applied to an import, for example <c>CMD ["sh"]</c>.</summary>
    public IList<string>? Changes { get; set; }
}
