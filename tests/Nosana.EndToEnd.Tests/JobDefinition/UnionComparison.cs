using System.Text.RegularExpressions;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Validation;

namespace Nosana.EndToEnd.Tests.JobDefinition;

/// <summary>Counts agreement with the official validator and puts every disagreement into exactly one row of the table.</summary>
internal sealed partial class UnionComparison
{
    private readonly Dictionary<string, int> _hits = DeliberateDifferences.All.ToDictionary(d => d.Id, _ => 0);
    private int _bothValid, _bothInvalid, _acceptedHere, _refusedHere, _threwThere;

    /// <summary>What no row, or more than one, explains.</summary>
    public List<string> Unexplained { get; } = [];

    public IEnumerable<string> RowsThatNothingHits => _hits.Where(h => h.Value == 0).Select(h => h.Key);

    public void Add(string document, OfficialVerdict official, DefinitionResult ours)
    {
        if (official.Threw)
        {
            _threwThere++;
            if (ours.IsValid || !ours.Errors.Any(e => Rows(DifferenceEffect.ThrowsThere, e.Path, e.Expected, null).Count == 1))
                Unexplained.Add($"{document}\n  official: threw; ours: {string.Join("; ", ours.Errors)}");
            else _hits["null-in-expose"]++;
        }
        else if (official.Valid && ours.IsValid) _bothValid++;
        else if (official.Valid)
        {
            _refusedHere++;
            foreach (DefinitionFault error in ours.Errors) Explain(document, DifferenceEffect.RefusedHere, error.Path, error.Expected, null);
        }
        else if (ours.IsValid)
        {
            _acceptedHere++;
            foreach (OfficialError error in official.Errors) Explain(document, DifferenceEffect.AcceptedHere, error.Path, error.Expected, error.Value);
        }
        else
        {
            _bothInvalid++;
            foreach (OfficialError error in official.Errors)
                if (!ours.Errors.Any(e => IsSamePlace(e.Path, error.Path)))
                    Explain(document, DifferenceEffect.AcceptedHere, error.Path, error.Expected, error.Value);
        }
    }

    public string Report() =>
        $"both valid {_bothValid}, both invalid {_bothInvalid}, accepted here only {_acceptedHere}, refused here only {_refusedHere}, official validator threw {_threwThere}\n"
        + string.Join('\n', _hits.Select(h => $"  {h.Key}: {h.Value}"));

    private void Explain(string document, DifferenceEffect effect, string path, string expected, System.Text.Json.JsonElement? value)
    {
        List<DeliberateDifference> rows = Rows(effect, path, expected, value);
        if (rows.Count == 1) _hits[rows[0].Id]++;
        else Unexplained.Add($"{document}\n  {effect} at {path}, expected {expected}: {(rows.Count == 0 ? "no row" : string.Join(", ", rows.Select(r => r.Id)))}");
    }

    private static List<DeliberateDifference> Rows(DifferenceEffect effect, string path, string expected, System.Text.Json.JsonElement? value)
    {
        string place = Index().Replace(path, "[]");
        return [.. DeliberateDifferences.All.Where(d => d.Effect == effect && d.Applies(place, expected, value))];
    }

    /// <summary>The same place, or one inside the other: the two validators do not always stop at the same depth.</summary>
    private static bool IsSamePlace(string a, string b) =>
        a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal);

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();
}
