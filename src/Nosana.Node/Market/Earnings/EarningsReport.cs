using System.Globalization;
using System.Text.Json.Nodes;
using Nosana.Node.Journal;

namespace Nosana.Node.Market.Earnings;

/// <summary>The ledger summed up: by day (UTC), by market, or job by job. Rows are JSON objects of the same names; money is in base units.</summary>
internal static class EarningsReport
{
    public const string ByDay = "day", ByMarket = "market", ByJob = "job";

    private const string DateFormat = "yyyy-MM-dd";

    /// <param name="by">One of the three.</param>
    /// <param name="since">First day; null is the first there is.</param>
    /// <param name="until">Last day; null is today.</param>
    public static JsonArray Rows(JournalStore journal, string by, DateOnly? since, DateOnly? until)
    {
        IReadOnlyList<LedgerEntry> entries =
            journal.Ledger(since is { } first ? StartOf(first) : 0, until is { } last ? StartOf(last.AddDays(1)) : long.MaxValue);
        return by switch
        {
            ByJob => [.. entries.Select(entry => (JsonNode)OfJob(entry, journal.LedgerTransactions(entry.Run)))],
            ByMarket => Sums(ByMarket, entries.GroupBy(entry => entry.Market)),
            _ => Sums(ByDay, entries.GroupBy(entry => DayOf(entry))),
        };
    }

    /// <summary>Whether a text is a day as <c>2026-11-30</c>.</summary>
    public static bool TryReadDay(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static JsonArray Sums(string by, IEnumerable<IGrouping<string, LedgerEntry>> groups) => [.. groups.Select(group => (JsonNode)new JsonObject
    {
        [by] = group.Key,
        ["jobs"] = group.Count(),
        ["seconds"] = group.Sum(entry => entry.Seconds ?? 0),
        ["earnedMicroNos"] = group.Sum(entry => entry.Earned ?? 0),
        ["receivedMicroNos"] = group.Sum(entry => entry.Received ?? 0),
        ["feesLamports"] = group.Sum(entry => entry.Fees ?? 0),
        ["rentPaidLamports"] = group.Sum(entry => entry.RentPaid ?? 0),
        ["rentReturnedLamports"] = group.Sum(entry => entry.RentReturned ?? 0),
        ["unconfirmed"] = group.Count(entry => entry.State != LedgerEntry.Confirmed),
    })];

    private static JsonObject OfJob(LedgerEntry entry, IReadOnlyList<LedgerTransaction> transactions) => new()
    {
        ["job"] = entry.Job,
        ["run"] = entry.Run,
        ["market"] = entry.Market,
        ["ended"] = DateTimeOffset.FromUnixTimeMilliseconds(entry.EndedAt).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["outcome"] = entry.Outcome,
        ["priceMicroNos"] = entry.Price,
        ["seconds"] = entry.Seconds,
        ["earnedMicroNos"] = entry.Earned,
        ["receivedMicroNos"] = entry.Received,
        ["feesLamports"] = entry.Fees,
        ["rentPaidLamports"] = entry.RentPaid,
        ["rentReturnedLamports"] = entry.RentReturned,
        ["state"] = entry.State,
        ["transactions"] = new JsonArray([.. transactions.Select(transaction =>
            (JsonNode)new JsonObject { ["kind"] = transaction.Kind, ["signature"] = transaction.Signature })]),
    };

    private static string DayOf(LedgerEntry entry) =>
        DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(entry.EndedAt).UtcDateTime).ToString(DateFormat, CultureInfo.InvariantCulture);

    private static long StartOf(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds();
}
