using Nosana.Deployments.Model;

namespace Nosana.Deployments.Api;

/// <summary>What an owner did, as an event with his name: who did what, and when, can be read later.</summary>
internal static class OwnerEvents
{
    public static DeploymentEvent Of(string owner, string type, string message) => new(type, message, Actor: owner);

    public const string Created = "DEPLOYMENT_CREATED", Started = "DEPLOYMENT_STARTED", Stopped = "DEPLOYMENT_STOPPED", Archived = "DEPLOYMENT_ARCHIVED",
        Changed = "DEPLOYMENT_CHANGED", Revised = "REVISION_CREATED", Activated = "REVISION_ACTIVATED", SshKeysChanged = "SSH_KEYS_CHANGED";
}
