using Docker.DotNet.Models;
using Nosana.Node.Engine.Images.RegistryAccounts;

namespace Nosana.Node.Engine.Images;

/// <summary>How an image comes from its registry to the engine, and what it is called there.</summary>
internal interface IImageDelivery
{
    /// <summary>The name under which an image that was brought for jobs is kept on the engine, written out.</summary>
    /// <param name="image">What the job names.</param>
    /// <param name="credentials">The job's own account; null for none.</param>
    string NameOf(ImageReference image, RegistryCredentials? credentials);

    /// <summary>Throws when no job may have the image that the engine has under its ordinary name.</summary>
    /// <exception cref="EngineException">See <see cref="EngineFault.ImageRefused"/>.</exception>
    Task AdmitPresentAsync(ImageReference image, CancellationToken cancellationToken);

    /// <summary>One try to bring an image from its registry to the engine. What failed only for now is the caller's to try again.</summary>
    /// <param name="image">What the job names.</param>
    /// <param name="credentials">The job's own account; null takes the operator's for that registry, if any.</param>
    /// <param name="messages">What the engine says while it goes on; it speaks at least as long as something moves.</param>
    /// <param name="cancellationToken">Ends the pull.</param>
    /// <returns>The digest that the registry has for the image; null where the engine alone knows it.</returns>
    /// <exception cref="EngineException">See <see cref="EngineFault"/>.</exception>
    Task<string?> DeliverAsync(
        ImageReference image, RegistryCredentials? credentials, IProgress<JSONMessage> messages, CancellationToken cancellationToken);
}
