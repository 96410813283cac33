using System.CommandLine;
using Microsoft.Extensions.Logging;
using Nosana.Node.Cli.Output;

namespace Nosana.Node.Cli.Options;

/// <summary>The options that say how the log is written.</summary>
internal sealed class LogFormatOptions
{
    private readonly Option<LogFormat> _format = new("--log-format") { Description = "auto (journald under systemd, else text), text, journald or json", DefaultValueFactory = _ => LogFormat.Auto };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "log what is only of interest when something is wrong" };

    public void AddTo(Command command)
    {
        command.Options.Add(_format);
        command.Options.Add(_verbose);
    }

    public ILoggerFactory Create(ParseResult parse, bool toStandardError) => AgentLogging.Create(parse.GetValue(_format), parse.GetValue(_verbose), toStandardError);
}
