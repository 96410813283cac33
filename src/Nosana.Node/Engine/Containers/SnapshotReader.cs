using System.Text.Json.Nodes;
using Nosana.Docker;
using Nosana.Docker.Models;

namespace Nosana.Node.Engine.Containers;

/// <summary>Reads an inspected container.</summary>
internal static class SnapshotReader
{
    public static ContainerSnapshot Read(ContainerInspectResponse found, string? networkName)
    {
        EndpointSettings? endpoint = networkName is not null && found.NetworkSettings.Networks.TryGetValue(networkName, out EndpointSettings? named)
            ? named
            : networkName is null && found.NetworkSettings.Networks.Count == 1 ? found.NetworkSettings.Networks.Values.Single() : null;
        return new ContainerSnapshot(
            found.ID,
            found.Name.TrimStart('/'),
            found.State.Status,
            string.IsNullOrEmpty(endpoint?.IPAddress) ? null : endpoint.IPAddress,
            found.Image,
            (found.Config.Labels ?? new Dictionary<string, string>()).AsReadOnly(),
            Exit(found.State),
            State(found));
    }

    private static ContainerExit? Exit(ContainerState state)
    {
        if (state.Running || state.Restarting || state.Paused || state.Status is "created" or "running" or "restarting" or "paused") return null;
        DateTimeOffset? started = Time(state.StartedAt), finished = Time(state.FinishedAt);
        // The engine notes the start only once it has returned from it, and a command of a few milliseconds has ended by then.
        if (finished < started) started = finished;
        return new ContainerExit(state.ExitCode, state.OOMKilled, state.Error.Length == 0 ? null : state.Error, null, started, finished);
    }

    private static DateTimeOffset? Time(string text) =>
        DockerTimestamp.TryParse(text, out DockerTimestamp time) && time.UnixNanoseconds > 0 ? time.ToDateTimeOffset() : null;

    private static JsonObject State(ContainerInspectResponse found)
    {
        ContainerState state = found.State;
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
