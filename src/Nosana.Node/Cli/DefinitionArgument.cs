using System.CommandLine;
using Nosana.JobDefinition.Faults;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;

namespace Nosana.Node.Cli;

/// <summary>Reads the definitions that a verb's arguments name.</summary>
internal static class DefinitionArgument
{
    public static Argument<string> Create() => new("file") { Description = DefinitionSource.Description };

    /// <summary>Reads from where a verb's argument says.</summary>
    /// <param name="network">Whose gateways are asked for a CID.</param>
    /// <exception cref="CommandException">It cannot be had.</exception>
    public static async Task<DefinitionText> ReadAsync(string place, ParseResult parse, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        return await new DefinitionSource(http, () => parse.ReadNetwork().IpfsGateways, System.Console.OpenStandardInput).ReadAsync(place, cancel);
    }

    /// <summary>Tells the warnings of a definition on standard error.</summary>
    public static void Warn(string name, IEnumerable<DefinitionFault> warnings)
    {
        foreach (DefinitionFault warning in warnings) Terminal.WriteError($"{name}: {warning}");
    }

    /// <summary>The refusal of what is not a definition, with every fault and its place.</summary>
    public static CommandException Invalid(string name, IEnumerable<DefinitionFault> faults) =>
        new($"{name} is not a valid job definition:", [.. faults.Select(fault => $"  {fault}")], ExitCodes.Refused);
}
