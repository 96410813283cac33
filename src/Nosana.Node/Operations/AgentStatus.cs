using System.Text.Json;
using System.Text.Json.Serialization;
using Nosana.Node.Files;
using Nosana.Node.Market;

namespace Nosana.Node.Operations;

/// <summary>What a running agent says of itself, again and again.</summary>
/// <param name="WrittenAt">When it said so.</param>
/// <param name="Slot">What its slot does.</param>
internal sealed record AgentStatus(DateTimeOffset WrittenAt, SlotState Slot)
{
    /// <summary>Four times <see cref="StatusReport.Interval"/>: a busy machine is late, a hung agent is silent.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    /// <summary>Far longer than any look at the chain that is tried again.</summary>
    public static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(15);

    /// <summary>Why the agent that wrote this is not well, for a person; null when it is.</summary>
    public string? Problem(DateTimeOffset now)
    {
        if (now - WrittenAt > LongestSilence)
            return $"The agent has given no sign of life for {(long)(now - WrittenAt).TotalSeconds} s. Look at its log, and start it again.";
        if (Slot.IsServing || now - Slot.Since <= LongestLook) return null;
        return $"The agent has not looked at its market for {(long)(now - Slot.Since).TotalMinutes} minutes. Look at its log, and start it again. "
            + $"The last that it said: {Slot.Text}";
    }
}

/// <summary>An agent's <see cref="AgentStatus"/> in its state directory, for the verb <c>health</c> and for people.</summary>
internal sealed class StatusFile(string stateDirectory)
{
    public string Path { get; } = System.IO.Path.Combine(stateDirectory, "status.json");

    /// <exception cref="IOException">The directory cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither may it be.</exception>
    public void Write(AgentStatus status)
    {
        PrivateFiles.Replace(Path, JsonSerializer.SerializeToUtf8Bytes(status, AgentStatusJson.Default.AgentStatus));
    }

    /// <returns>Null when no agent runs there.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to somebody else.</exception>
    /// <exception cref="JsonException">It is not an agent's.</exception>
    public AgentStatus? Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path), AgentStatusJson.Default.AgentStatus);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Remove() => File.Delete(Path);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AgentStatus))]
internal sealed partial class AgentStatusJson : JsonSerializerContext;
