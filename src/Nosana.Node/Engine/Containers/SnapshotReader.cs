using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Nosana.Docker;

namespace Nosana.Node.Engine.Containers;

/// <summary>Reads an inspected container.</summary>
internal static class SnapshotReader
{
    public static ContainerSnapshot Read(ContainerInspectResponse found, string? networkName)
    {
        IDictionary<string, EndpointSettings> networks = found.NetworkSettings?.Networks ?? new Dictionary<string, EndpointSettings>();
        EndpointSettings? endpoint = networkName is not null && networks.TryGetValue(networkName, out EndpointSettings? named)
            ? named
            : networkName is null && networks.Count == 1 ? networks.Values.Single() : null;
        State state = StateOf(found);
        return new ContainerSnapshot(
            found.ID,
            found.Name.TrimStart('/'),
            state.Status,
            string.IsNullOrEmpty(endpoint?.IPAddress) ? null : endpoint.IPAddress,
            found.Image,
            (found.Config?.Labels ?? new Dictionary<string, string>()).AsReadOnly(),
            Exit(state),
            Describe(found, state))
        {
            StartedAt = Time(state.StartedAt),
        };
    }

    /// <summary>Every engine gives one; the library does not count on it.</summary>
    public static State StateOf(ContainerInspectResponse found) => found.State ?? new State();

    private static ContainerExit? Exit(State state)
    {
        if (state.Running || state.Restarting || state.Paused || state.Status is "created" or "running" or "restarting" or "paused") return null;
        DateTimeOffset? started = Time(state.StartedAt), finished = Time(state.FinishedAt);
        // The engine notes the start only once it has returned from it, and a command of a few milliseconds has ended by then.
        if (finished < started) started = finished;
        return new ContainerExit(state.ExitCode, state.OOMKilled, state.Error.Length == 0 ? null : state.Error, null, started, finished);
    }

    private static DateTimeOffset? Time(string text) =>
        DockerTimestamp.TryParse(text, out DockerTimestamp time) && time.UnixNanoseconds > 0 ? time.ToDateTimeOffset() : null;

    private static JsonObject Describe(ContainerInspectResponse found, State state)
    {
        return new JsonObject
        {
            ["Status"] = state.Status,
            ["Running"] = state.Running,
            ["Paused"] = state.Paused,
            ["Restarting"] = state.Restarting,
            ["OOMKilled"] = state.OOMKilled,
            ["Dead"] = state.Dead,
            ["Pid"] = state.Pid,
            ["ExitCode"] = state.ExitCode,
            ["Error"] = state.Error,
            ["StartedAt"] = state.StartedAt,
            ["FinishedAt"] = state.FinishedAt,
            ["RestartCount"] = found.RestartCount,
        };
    }
}
