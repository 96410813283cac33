using System.Globalization;
using System.Text.RegularExpressions;
using Nosana.Solana.Programs;

namespace Nosana.Programs.Errors;

/// <summary>
/// Why a program refused a transaction, read from its logs. An RPC answer has only the number, and the numbers collide:
/// compare <see cref="Name"/> and, where an account is to blame, <see cref="Account"/>.
/// </summary>
/// <param name="Name">Name of the error, "NotInMarketQueue"; "Custom" with the number when no list has it.</param>
/// <param name="Number">The custom error code.</param>
/// <param name="Family">The list that the name belongs to.</param>
/// <param name="Account">The account that a check failed on, by its name in the program; null for errors of a handler.</param>
/// <param name="Message">The program's own words, if it logged any.</param>
public sealed partial record ProgramError(string Name, int Number, ErrorFamily Family, string? Account, string? Message)
{
    public bool Is(CommonError error) => Is(ErrorFamily.Common, error);

    public bool Is(JobsError error) => Is(ErrorFamily.Jobs, error);

    public bool Is(StakingError error) => Is(ErrorFamily.Staking, error);

    public bool Is(NodesError error) => Is(ErrorFamily.Nodes, error);

    public bool Is(PoolsError error) => Is(ErrorFamily.Pools, error);

    public bool Is(AnchorError error) => Is(ErrorFamily.Anchor, error);

    public bool Is(TokenError error) => Is(ErrorFamily.Token, error);

    public bool Is(SystemError error) => Is(ErrorFamily.System, error);

    /// <summary>The error that these logs of a failed transaction tell of; null when they tell of none.</summary>
    public static ProgramError? FromLogs(IEnumerable<string>? logs)
    {
        if (logs is null) return null;
        ProgramError? found = null;
        foreach (string line in logs)
        {
            if (AnchorLine().Match(line) is { Success: true } anchor)
            {
                string name = anchor.Groups["name"].Value;
                int number = int.Parse(anchor.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
                string? account = anchor.Groups["account"] is { Success: true } group ? group.Value : null;
                string message = anchor.Groups["message"].Value;
                found = new ProgramError(name, number, NosanaErrors.FamilyOf(name, number), account, message.Length > 0 ? message : null);
            }
            // Only when no Anchor line explained it: a failure passes through every calling program's "failed" line.
            else if (found is null && FailedLine().Match(line) is { Success: true } failed)
            {
                int number = int.Parse(failed.Groups["code"].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                found = OfBuiltinProgram(failed.Groups["program"].Value, number);
            }
        }
        return found;
    }

    public override string ToString()
    {
        string text = Account is null ? $"{Name} ({Number})" : $"{Name} ({Number}) on account '{Account}'";
        string? explanation = NosanaErrors.Explain(Family, Name) ?? Message;
        return explanation is null ? text : $"{text}: {explanation}";
    }

    private bool Is<T>(ErrorFamily family, T error) where T : struct, Enum => Family == family && Name == error.ToString();

    private static ProgramError OfBuiltinProgram(string program, int number)
    {
        if (program == WellKnownAddresses.TokenProgram.Key && Enum.IsDefined((TokenError)number))
            return new ProgramError(((TokenError)number).ToString(), number, ErrorFamily.Token, null, null);
        if (program == WellKnownAddresses.SystemProgram.Key && Enum.IsDefined((SystemError)number))
            return new ProgramError(((SystemError)number).ToString(), number, ErrorFamily.System, null, null);
        return new ProgramError("Custom", number, ErrorFamily.Unknown, null, null);
    }

    [GeneratedRegex(
        @"^Program log: AnchorError (?:caused by account: (?<account>\w+)|thrown in \S+|occurred)\. " +
        @"Error Code: (?<name>\w+)\. Error Number: (?<number>\d{1,9})\. Error Message: (?<message>.*?)\.*$")]
    private static partial Regex AnchorLine();

    [GeneratedRegex(@"^Program (?<program>[1-9A-HJ-NP-Za-km-z]{32,44}) failed: custom program error: 0x(?<code>[0-9a-f]{1,7})$")]
    private static partial Regex FailedLine();
}
