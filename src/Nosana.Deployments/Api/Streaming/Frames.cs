using System.Text.Json;
using System.Text.Json.Serialization;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Api.Views;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api.Streaming;

/// <summary>What a stream says, and what it has said: what is the same again is not said again.</summary>
internal sealed class Frames
{
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskView> _tasks = new(StringComparer.Ordinal);

    /// <summary>What is new in a deployment since it was looked at last; the first time, all that is.</summary>
    public IReadOnlyList<string> Of(DeploymentSnapshot snapshot, IReadOnlyList<EndpointView> endpoints)
    {
        var news = new List<string>();
        Deployment deployment = snapshot.Deployment;
        Say("deployment", new DeploymentFrame(Words.Of(deployment.Status), deployment.Replicas, deployment.ActiveRevision));
        // At first those that are active; later also how they ended.
        foreach (DeploymentJob job in snapshot.Jobs.Where(job => job.State != JobState.Pending && (job.IsActive || _said.ContainsKey(job.Job))))
            Say(job.Job, new JobFrame(job.Job, Words.Of(job.State), job.Node, JobTimes.Seconds(job.StartedAt), JobTimes.Seconds(job.EndedAt)));
        IReadOnlyList<TaskView> tasks = TaskView.Of(snapshot);
        foreach (TaskView task in tasks)
        {
            Say("task:" + task.Id, new TaskFrame(task.Id, task.Task, task.Status, task.Attempts ?? 0, task.DueAt, task.Job));
            _tasks[task.Id] = task;
        }
        foreach (TaskView gone in _tasks.Values.ExceptBy(tasks.Select(task => task.Id), task => task.Id).ToArray())
        {
            _tasks.Remove(gone.Id);
            _said.Remove("task:" + gone.Id);
            news.Add(JsonSerializer.Serialize(new GoneFrame(gone.Id, gone.Task), ApiJson.Options));
        }
        foreach (EndpointView endpoint in endpoints) Say("endpoint:" + endpoint.Url, new EndpointFrame(endpoint.OpId, endpoint.Url, endpoint.Online == true));
        return news;

        void Say<T>(string key, T frame)
        {
            string text = JsonSerializer.Serialize(frame, ApiJson.Options);
            if (_said.TryGetValue(key, out string? before) && before == text) return;
            _said[key] = text;
            news.Add(text);
        }
    }

    public static string Of(StoredEvent one) =>
        JsonSerializer.Serialize(new EventFrame(one.Category, one.Type, one.Message, one.Tx, one.Actor, one.CreatedAt), ApiJson.Options);

    private sealed record DeploymentFrame(string Status, int Replicas, int ActiveRevision)
    {
        public string Type { get; } = "deployment";
    }

    private sealed record JobFrame(
        string Job, string State, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Node,
        [property: JsonPropertyName("timeStart")] long TimeStart, [property: JsonPropertyName("timeEnd")] long TimeEnd)
    {
        public string Type { get; } = "job";
    }

    private sealed record TaskFrame(
        string Id, string Task, string Status, int Attempts, DateTimeOffset DueAt, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Job)
    {
        public string Type { get; } = "task";
    }

    private sealed record GoneFrame(string Id, string Task)
    {
        public string Type { get; } = "task";

        public string Status { get; } = "DONE";
    }

    private sealed record EndpointFrame([property: JsonPropertyName("opId")] string OpId, string Url, bool Online)
    {
        public string Type { get; } = "endpoint";
    }

    private sealed record EventFrame(
        string Category, string Event, string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Tx, string? Actor,
        DateTimeOffset CreatedAt)
    {
        public string Type { get; } = "event";
    }
}
