using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Operations;

namespace Nosana.Node.Cli;

/// <summary><c>drain</c>: the running host takes no new job and ends with the one that it has.</summary>
internal static class DrainCommand
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var wait = new Option<bool>("--wait") { Description = "wait until the host has ended, as long as its job takes" };
        var command = new Command("drain", "let the running host end: no new job, the current one ends and is paid, then the process ends") { wait };
        command.AddSettings(SettingGroup.State);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            using var agent = new RunningAgent(parse.ReadSettings());
            JsonNode before = await agent.AskAsync(HttpMethod.Get, StatusCommand.Path, null, cancel);
            await agent.AskAsync(HttpMethod.Post, Market.DrainCommand.Path, null, cancel);
            Terminal.WriteLine($"Draining. The host's last word: {(string?)before["state"]}");
            if (parse.GetValue(wait)) await WaitAsync(agent, (int?)before["pid"], cancel);
            return ExitCodes.Success;
        }, cancel));
        return command;
    }

    /// <summary>Until the process has ended; whoever starts another there has a host that has drained all the same.</summary>
    private static async Task WaitAsync(RunningAgent agent, int? process, CancellationToken cancel)
    {
        string? told = null;
        while (await agent.AskIfThereAsync(StatusCommand.Path, cancel) is { } status && (int?)status["pid"] == process)
        {
            if ((string?)status["state"] is { } state && state != told) Terminal.WriteLine(told = state);
            await Task.Delay(LookInterval, TimeProvider.System, cancel);
        }
        Terminal.WriteLine("The host has ended.");
    }
}
