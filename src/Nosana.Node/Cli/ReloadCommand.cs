using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Reload;
using Nosana.Node.Hosting.Settings;

namespace Nosana.Node.Cli;

/// <summary><c>reload</c>: the running host reads its settings again.</summary>
internal static class ReloadCommand
{
    public static Command Create()
    {
        var answer = new CommandOutput();
        var replace = new Option<bool>("--replace")
        {
            Description = "the flags and variables of this command stand in place of those that the host was started with, as in the unit of systemd; "
                + "without it only the settings file is read again",
        };
        var command = new Command("reload", "let the running host read its settings again: market, RPC endpoints, pinning credential") { replace };
        command.AddSettingsOfHost();
        answer.AddTo(command);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            NodeSettings settings = parse.ReadSettings();
            using var agent = new RunningAgent(settings);
            JsonNode? given = parse.GetValue(replace) ? SentSettings.Of(settings.Sources).Write() : null;
            JsonNode outcome = await agent.AskAsync(HttpMethod.Post, Hosting.Reload.ReloadCommand.Path, given, cancel);
            if (answer.IsJson(parse)) Terminal.WriteJson(outcome);
            else Tell(outcome);
            return ExitCodes.Success;
        }, cancel));
        return command;
    }

    private static void Tell(JsonNode outcome)
    {
        string[] taken = Names(outcome["taken"]), later = Names(outcome["needRestart"]);
        Terminal.WriteLine(taken.Length > 0 ? $"Taken: {string.Join(", ", taken)}." : "Nothing has changed that can be taken at once.");
        if (later.Length > 0) Terminal.WriteLine($"Changed, and taken at the next start only: {string.Join(", ", later)}.");
    }

    private static string[] Names(JsonNode? names) => [.. names!.AsArray().Select(name => (string)name!)];
}
