using System.Text.Json.Nodes;
using Nosana.Node.Control;
using Nosana.Node.Journal;

namespace Nosana.Node.Market.Earnings;

/// <summary>The ledger of the running host.</summary>
internal sealed class EarningsCommand(JournalStore journal) : IControlCommand
{
    public const string Path = "/v1/earnings";

    public Task<JsonNode> ExecuteAsync(ControlRequest request, CancellationToken cancel)
    {
        string by = request.Query.GetValueOrDefault("by", EarningsReport.ByDay);
        if (by is not (EarningsReport.ByDay or EarningsReport.ByMarket or EarningsReport.ByJob)) throw Bad("by", by, "day, market or job");
        return Task.FromResult<JsonNode>(EarningsReport.Rows(journal, by, Day(request, "since"), Day(request, "until")));
    }

    /// <summary>The same, as <see cref="ExecuteAsync"/> reads it.</summary>
    public static string Address(string by, string? since, string? until)
    {
        KeyValuePair<string, string?>[] query = [new("by", by), new("since", since), new("until", until)];
        return Path + QueryString.Create(query.Where(pair => pair.Value is not null));
    }

    private static DateOnly? Day(ControlRequest request, string name)
    {
        if (!request.Query.TryGetValue(name, out string? text)) return null;
        return EarningsReport.TryReadDay(text, out DateOnly day) ? day : throw Bad(name, text, "a day such as 2026-11-30");
    }

    private static ControlException Bad(string name, string text, string expected) =>
        new(StatusCodes.Status400BadRequest, $"{name} '{text}' is not {expected}.");
}
