using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Journal;
using Nosana.Node.Market.Earnings;
using Nosana.Programs.Money;

namespace Nosana.Node.Cli;

/// <summary><c>earnings</c>: what a host's jobs brought and cost, asked of the running host, or read from the journal of one that does not run.</summary>
internal static class EarningsCommand
{
    public static Command Create()
    {
        var answer = new CommandOutput(hasCsv: true);
        var by = new Option<string>("--by") { Description = "a row for each day (UTC), market or job", DefaultValueFactory = _ => EarningsReport.ByDay };
        by.AcceptOnlyFromAmong(EarningsReport.ByDay, EarningsReport.ByMarket, EarningsReport.ByJob);
        Option<string?> since = Day("--since", "first day, such as 2026-11-01"), until = Day("--until", "last day");
        var command = new Command("earnings", "print what the host's jobs have earned, received and cost, compared with the chain") { by, since, until };
        command.AddSettings(SettingGroup.State);
        answer.AddTo(command);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            NodeSettings settings = parse.ReadSettings();
            JsonArray rows = await RowsAsync(settings, parse.GetRequiredValue(by), parse.GetValue(since), parse.GetValue(until), cancel);
            answer.WriteRows(parse, rows, "Nothing was earned yet.", Readable);
            return ExitCodes.Success;
        }, cancel));
        return command;
    }

    private static async Task<JsonArray> RowsAsync(NodeSettings settings, string by, string? since, string? until, CancellationToken cancel)
    {
        using var agent = new RunningAgent(settings);
        if (await agent.AskIfThereAsync(Market.Earnings.EarningsCommand.Address(by, since, until), cancel) is { } rows) return rows.AsArray();
        using var journal = JournalStore.OpenReadOnly(HostIdentity.JournalFile(settings.StateDirectory), TimeProvider.System);
        return EarningsReport.Rows(journal, by, DayOf(since), DayOf(until));
    }

    private static DateOnly? DayOf(string? text) => EarningsReport.TryReadDay(text, out DateOnly day) ? day : null;

    /// <summary>Amounts in whole NOS and SOL, for people: <c>earnedMicroNos</c> becomes <c>earnedNos</c>.</summary>
    private static JsonObject Readable(JsonObject row) => new(row.Select(pair =>
        In(pair, "MicroNos", "Nos", units => Amount.FormatNos(units)) ?? In(pair, "Lamports", "Sol", Amount.FormatSol)
        ?? KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));

    private static KeyValuePair<string, JsonNode?>? In(KeyValuePair<string, JsonNode?> pair, string unit, string whole, Func<ulong, string> format) =>
        pair.Key.EndsWith(unit, StringComparison.Ordinal)
            ? KeyValuePair.Create(pair.Key[..^unit.Length] + whole, pair.Value is { } amount ? (JsonNode?)Signed(amount.GetValue<long>(), format) : null)
            : null;

    private static string Signed(long units, Func<ulong, string> format) => units < 0 ? "-" + format((ulong)-units) : format((ulong)units);

    private static Option<string?> Day(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "DAY" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !EarningsReport.TryReadDay(text, out _))
                result.AddError($"{name} '{text}' is not a day such as 2026-11-30.");
        });
        return option;
    }
}
