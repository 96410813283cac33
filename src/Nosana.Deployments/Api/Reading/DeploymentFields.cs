using System.Text.Json;
using Nosana.Deployments.Model;
using Nosana.Deployments.Strategies;
using Nosana.JobDefinition.Ssh;

namespace Nosana.Deployments.Api.Reading;

/// <summary>Fields of a deployment, by the same rules wherever they are given: when it is made, and when one of them is changed.</summary>
internal static class DeploymentFields
{
    public const int MostName = 256, MostHosts = 256;

    /// <summary>A year: the chain could count more, but nobody means it.</summary>
    public const decimal MostMinutes = 366 * 24 * 60;

    /// <summary>Minutes. The network's: an INFINITE one lists anew before its end, and every change of the timeout is to no less.</summary>
    public const decimal LeastInfinite = 60;

    private const int MostRequirements = 64, MostRequirementName = 256;

    private static readonly TimeSpan s_rotationGap = TimeSpan.FromMinutes(10);

    public static string RotationSentence => "Rotation time must be at least 10 minutes less than timeout.";

    /// <summary>Whether a replacement has the time to take over: the network's rule, and that it is one at all.</summary>
    public static bool Fits(TimeSpan rotation, TimeSpan timeout) => rotation > TimeSpan.Zero && rotation < timeout - s_rotationGap;

    /// <summary>Minutes before its end at which a job of an INFINITE deployment is replaced.</summary>
    public static TimeSpan? Rotation(this Fields fields, bool isRequired) => fields.Minutes("rotation_time", isRequired, 1, MostMinutes);

    /// <summary>Five fields of cron, and what goes with them.</summary>
    public static DeploymentSchedule? Schedule(this Fields fields, DateTimeOffset now)
    {
        string? expression = fields.Text("schedule", isRequired: true, least: 1);
        string? zone = IsGiven(fields, "time_zone") ? fields.Text("time_zone", least: 1, most: 64) : null;
        Overlap overlap = fields.Word("overlap", isRequired: false, Words.Overlaps) ?? Overlap.Allow;
        TimeSpan? deadline = IsGiven(fields, "starting_deadline") ? fields.Minutes("starting_deadline", isRequired: false, 1, MostMinutes) : null;
        if (expression is null) return null;
        try
        {
            CronSchedule.Parse(expression, null, now);
        }
        catch (FormatException e)
        {
            fields.Faults.Add("schedule", $"a schedule of cron: {e.Message}");
            return null;
        }
        try
        {
            CronSchedule.Parse(expression, zone, now);
        }
        catch (FormatException e)
        {
            fields.Faults.Add("time_zone", $"a time zone: {e.Message}");
            return null;
        }
        return new DeploymentSchedule(string.Join(' ', expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), zone, overlap, deadline);
    }

    // Null, written as such, has none.
    private static bool IsGiven(Fields fields, string name) => fields.Has(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Properties of a host; null, written as such, asks for none.</summary>
    public static IReadOnlyDictionary<string, JsonElement>? Requirements(this Fields fields, bool isRequired)
    {
        const string Expected = "null, or an object with one property at least";
        if (!fields.Has("requirements", out JsonElement value))
        {
            if (isRequired) fields.Faults.Add("requirements", Expected);
            return null;
        }
        if (value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() is 0 or > MostRequirements)
        {
            fields.Faults.Add("requirements", Expected + $", and {MostRequirements} at most");
            return null;
        }
        var read = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string path = $"requirements/{(property.Name.Length <= MostRequirementName ? property.Name : property.Name[..MostRequirementName])}";
            if (property.Name.Length is 0 or > MostRequirementName || property.Name.Any(char.IsControl))
                fields.Faults.Add(path, $"named with 1 to {MostRequirementName} characters");
            else if (property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False) read[property.Name] = property.Value.Clone();
            else if (property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetDecimal(out _)) read[property.Name] = property.Value.Clone();
            else if (property.Value.ValueKind == JsonValueKind.String && property.Value.GetString()!.Length <= MostRequirementName)
                read[property.Name] = property.Value.Clone();
            else fields.Faults.Add(path, $"a number (the least), a boolean or a text of {MostRequirementName} characters at most");
        }
        return read;
    }

    /// <summary>Minutes; null, written as such, has none.</summary>
    public static TimeSpan? StartupTimeout(this Fields fields, bool isRequired)
    {
        if (fields.Has("startup_timeout", out JsonElement value) && value.ValueKind == JsonValueKind.Null) return null;
        return fields.Minutes("startup_timeout", isRequired, 1, MostMinutes);
    }

    /// <summary>Lines of authorized_keys.</summary>
    public static IReadOnlyList<string>? SshKeys(this Fields fields, bool isRequired)
    {
        const string Name = "ssh_public_keys";
        if (fields.Items(Name, isRequired, SshKeySet.MaxKeys) is not { } items) return null;
        var set = new SshKeySet();
        for (int i = 0; i < items.Count; i++)
        {
            string? fault = items[i].ValueKind == JsonValueKind.String ? set.Add(items[i].GetString()) : "is no text";
            if (fault is not null) fields.Faults.Add(Fields.Path(Name, i), $"a line of authorized_keys: it {fault}");
        }
        return [.. set.Keys.Select(key => key.ToString())];
    }
}
