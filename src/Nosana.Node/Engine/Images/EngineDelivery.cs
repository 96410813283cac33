using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Engine.Images.RegistryAccounts;

namespace Nosana.Node.Engine.Images;

/// <summary>The engine asks the registry itself, with the account and wherever the registry leads it: for an engine that cannot reach this agent.</summary>
internal sealed class EngineDelivery(IEngineClient client, DockerConfigFile accounts) : IImageDelivery
{
    public string NameOf(ImageReference image, RegistryCredentials? credentials) => image.Canonical;

    public Task AdmitPresentAsync(ImageReference image, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<string?> DeliverAsync(
        ImageReference image, RegistryCredentials? credentials, IProgress<JSONMessage> messages, CancellationToken cancellationToken)
    {
        RegistryCredentials? account = credentials ?? await accounts.FindAsync(image.Registry, cancellationToken);
        try
        {
            await client.PullImageAsync(image.Canonical, Auth(account, image), messages, cancellationToken);
            return null;
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfPull(exception, image.Canonical);
        }
    }

    private static AuthConfig? Auth(RegistryCredentials? account, ImageReference image) => account is null ? null : new AuthConfig
    {
        Username = account.Username.Length == 0 ? null : account.Username,
        Password = account.Password.Length == 0 ? null : account.Password,
        IdentityToken = account.IdentityToken,
        ServerAddress = account.Server ?? image.Registry,
    };
}
