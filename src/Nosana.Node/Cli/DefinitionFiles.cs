using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Reading;
using Nosana.Node.Hosting;

namespace Nosana.Node.Cli;

/// <summary>Definitions from files.</summary>
internal static class DefinitionFiles
{
    /// <exception cref="CommandException">Absent, unreadable, or larger than any definition may be.</exception>
    public static byte[] Read(string file)
    {
        try
        {
            if (Directory.Exists(file)) throw new CommandException($"{file} is a directory; name the files in it.", ExitCodes.Refused);
            long length = new FileInfo(file).Length;
            if (length > DefinitionLimits.MaxBytes) throw new CommandException($"{file} has {length} bytes; a definition has at most {DefinitionLimits.MaxBytes}.", ExitCodes.Refused);
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{file} cannot be read: {e.Message}", ExitCodes.Refused, e);
        }
    }

    /// <summary>The refusal of a file, every fault a line.</summary>
    public static CommandException NotValid(string file, IEnumerable<DefinitionFault> faults) =>
        new($"{file} is not a valid job definition:\n" + string.Join('\n', faults.Select(fault => $"  {fault}")), ExitCodes.Refused);
}
