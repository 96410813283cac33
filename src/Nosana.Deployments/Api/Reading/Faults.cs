using Microsoft.AspNetCore.Http;

namespace Nosana.Deployments.Api.Reading;

/// <summary>What is wrong with a request's fields: all of it is gathered, so that nobody has to try again for each.</summary>
internal sealed class Faults(FaultForm form)
{
    private const int Most = 50;

    private readonly List<(string Path, string Expected)> _found = [];

    public bool Any => _found.Count > 0;

    /// <param name="path">Such as <c>replicas</c> or <c>allowed_hosts/0</c>.</param>
    /// <param name="expected">To follow "must be" or "Expected".</param>
    public void Add(string path, string expected)
    {
        if (_found.Count < Most) _found.Add((path, expected));
    }

    /// <exception cref="ApiRefusal">There are some.</exception>
    public void Throw()
    {
        if (!Any) return;
        string message = form == FaultForm.Create
            ? string.Join(", ", _found.Select(fault => $"{fault.Path}: Expected {fault.Expected}"))
            : string.Join(", ", _found.Select(fault => $"{Beginning}/{fault.Path} must be {fault.Expected}"));
        throw new ApiRefusal(ApiReply.Framework(StatusCodes.Status400BadRequest, "FST_ERR_VALIDATION", message,
            [.. _found.Select(fault => new FieldFault("/" + fault.Path, "must be " + fault.Expected))]));
    }

    private string Beginning => form switch
    {
        FaultForm.Query => "querystring",
        FaultForm.Parameters => "params",
        _ => "body",
    };
}
