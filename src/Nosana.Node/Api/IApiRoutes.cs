namespace Nosana.Node.Api;

/// <summary>
/// A group of the API's routes: one class a file, registered with <see cref="ApiServices.AddApiRoutes"/>. It is made before the host has started: it must not
/// take what is found only while it starts (the chain, the network, the hardening profile), but ask for it when a call comes.
/// </summary>
internal interface IApiRoutes
{
    /// <param name="api">Routes that everybody may ask. Below <c>/job/</c> they are refused until the host has started.</param>
    /// <param name="ofOwner">
    /// Routes below <c>/job/{job}</c>, written without it: a call has been found to be of the job's owner before it comes here. What is no GET changes
    /// something.
    /// </param>
    void Map(IEndpointRouteBuilder api, IEndpointRouteBuilder ofOwner);
}
