using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Nosana.Node.Engine.Images.RegistryAccounts;

/// <summary>
/// The operator's helper programs that keep registry accounts, in docker's protocol: <c>docker-credential-NAME get</c> reads the registry's
/// address and writes <c>{"Username", "Secret"}</c>. One that is missing or fails is told of in the log, and the pull goes on without an account.
/// </summary>
/// <param name="directories">Where the programs are looked for, in this order.</param>
internal sealed partial class CredentialHelpers(IReadOnlyList<string> directories, ILogger<CredentialHelpers> logger, TimeProvider? time = null)
{
    /// <summary>A helper may have to ask a service of its own.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int MaxAnswer = 64 * 1024;
    private const string TokenUser = "<token>", NotFound = "credentials not found";

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>What the helper keeps for a registry; null when it keeps nothing or cannot be asked.</summary>
    /// <param name="name">The part after <c>docker-credential-</c>.</param>
    /// <param name="server">In the words of the helper's login: a host, for Docker Hub its old address.</param>
    /// <param name="cancellationToken">Ends the helper.</param>
    public async Task<RegistryCredentials?> FindAsync(string name, string server, CancellationToken cancellationToken = default)
    {
        try
        {
            return Read(await AskAsync(ProgramOf(name), server, cancellationToken));
        }
        catch (HelperException exception)
        {
            LogFailed(logger, name, server, exception.Message);
            return null;
        }
    }

    private string ProgramOf(string name)
    {
        if (!Name().IsMatch(name))
            throw new HelperException("that is not the name of a helper. Correct credsStore or credHelpers in config.json: "
                + "letters, digits, '-', '_' and '.'");
        return directories.Select(directory => Path.Combine(directory, $"docker-credential-{name}")).FirstOrDefault(File.Exists)
            ?? throw new HelperException($"there is no docker-credential-{name} in the PATH of this process. Install it, or take it out of config.json");
    }

    private async Task<string> AskAsync(string program, string server, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, ["get"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        // Nothing of this agent's own settings, a pinning credential among them, is a helper's business.
        foreach (string own in start.Environment.Keys.Where(key => key.StartsWith("NOSANA_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(own);
        using var late = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        using Process process = Start(start);
        try
        {
            Task<string> answer = ReadAsync(process.StandardOutput, either.Token), complaint = ReadAsync(process.StandardError, either.Token);
            await TellAsync(process.StandardInput, server, either.Token);
            await await Task.WhenAny(answer, complaint); // one that says too much never ends the other
            await Task.WhenAll(answer, complaint);
            await process.WaitForExitAsync(either.Token);
            // Helpers say on standard output why they fail.
            return process.ExitCode == 0 ? await answer : (await answer).Contains(NotFound, StringComparison.OrdinalIgnoreCase) ? ""
                : throw new HelperException($"it ended with {process.ExitCode}: {FirstLine(await answer, await complaint)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HelperException($"it did not answer within {Patience.TotalSeconds:0} s");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new HelperException($"{start.FileName} cannot be started: {exception.Message}");
        }
    }

    private static async Task TellAsync(StreamWriter input, string server, CancellationToken cancellationToken)
    {
        try
        {
            await using (input) await input.WriteAsync(server.AsMemory(), cancellationToken);
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says more.
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        char[] buffer = new char[4096];
        while (await reader.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (text.Length + count > MaxAnswer) throw new HelperException($"it says more than {MaxAnswer} characters");
            text.Append(buffer, 0, count);
        }
        return text.ToString();
    }

    private static RegistryCredentials? Read(string answer)
    {
        if (answer.Length == 0) return null;
        HelperAnswer? read;
        try
        {
            read = JsonSerializer.Deserialize(answer, HelperJson.Default.HelperAnswer);
        }
        catch (JsonException)
        {
            throw new HelperException("its answer is not JSON"); // which may hold a secret, and so may the parser's message
        }
        if (read is not { Username: { Length: > 0 } user, Secret: { Length: > 0 } secret }) return null;
        return user == TokenUser ? new RegistryCredentials("", "", IdentityToken: secret) : new RegistryCredentials(user, secret);
    }

    private static string FirstLine(params string[] texts)
    {
        string line = texts.Select(text => text.Trim()).FirstOrDefault(text => text.Length > 0 && text[0] != '{')?.Split('\n')[0] ?? "it says nothing";
        return line.Length > 200 ? line[..200] : line;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [LoggerMessage(3028, LogLevel.Warning, "The credential helper '{Helper}' gives no account for {Server}: {Problem}. Pulls go on without an account")]
    private static partial void LogFailed(ILogger logger, string helper, string server, string problem);

    private sealed class HelperException(string message) : Exception(message);
}

/// <summary>What a helper writes.</summary>
internal sealed record HelperAnswer(string? Username, string? Secret);

[JsonSerializable(typeof(HelperAnswer))]
internal sealed partial class HelperJson : JsonSerializerContext;
