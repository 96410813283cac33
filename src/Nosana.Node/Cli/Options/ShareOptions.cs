using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Hosting;

namespace Nosana.Node.Cli.Options;

/// <summary>Options that bound what a job's containers may use of this machine.</summary>
internal sealed class ShareOptions
{
    /// <summary>The smallest memory limit that engines take.</summary>
    private const long LeastMemory = 6L << 20;

    private readonly Option<string?> _memory = new("--memory") { Description = "memory for each container of a job, such as 24g (default: the machine's less 1 GiB)" };
    private readonly Option<decimal?> _cpus = new("--cpus") { Description = "CPUs for each container of a job, such as 7.5 (default: all)" };
    private readonly Option<string?> _disk = new("--disk") { Description = "disk for each container of a job with its volumes, such as 200g; an operation that fills more is stopped (default: all but the last 2 GiB)" };

    public void AddTo(Command command)
    {
        command.Options.Add(_memory);
        command.Options.Add(_cpus);
        command.Options.Add(_disk);
    }

    /// <summary>The profile with the slot's share of the engine. An engine that does not answer gets the profile as it is: whoever uses it will say so.</summary>
    /// <exception cref="CommandException">A value is not legal, or more than the engine has.</exception>
    public async Task<HardeningProfile> ReadAsync(ParseResult parse, IEngineClient docker, CancellationToken cancel)
    {
        decimal? cpus = parse.GetValue(_cpus);
        if (cpus is <= 0) throw new CommandException($"--cpus {cpus} is not more than 0.", ExitCodes.Refused);
        var share = new ResourceLimits(SizeOf("--memory", parse.GetValue(_memory), LeastMemory), cpus, SizeOf("--disk", parse.GetValue(_disk), 1));
        var profile = new HardeningProfile();
        EngineStatus engine;
        try
        {
            engine = await new ContainerRuntime(docker, NullLogger<ContainerRuntime>.Instance).PingAsync(cancel);
        }
        catch (EngineException)
        {
            return profile;
        }
        string[] faults = [.. share.FaultsOn(engine)];
        return faults.Length == 0 ? share.Of(engine, profile) : throw new CommandException(string.Join(' ', faults), ExitCodes.Refused);
    }

    /// <summary>Bytes of a number with an optional unit k, m, g or t, each 1024 of the one before.</summary>
    internal static long? SizeOf(string option, string? text, long least)
    {
        if (text is null) return null;
        int power = text.Length == 0 ? -1 : "kmgt".IndexOf(char.ToLowerInvariant(text[^1]), StringComparison.Ordinal);
        string number = power < 0 ? text : text[..^1];
        decimal factor = 1L << (10 * (power + 1));
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) || value > long.MaxValue / factor)
            throw new CommandException($"{option} '{text}' is no size. Write a number of bytes, or one with k, m, g or t such as 24g.", ExitCodes.Refused);
        long bytes = (long)(value * factor);
        return bytes >= least ? bytes : throw new CommandException($"{option} '{text}' is less than the least of {least} bytes.", ExitCodes.Refused);
    }
}
