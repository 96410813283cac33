using System.Globalization;

namespace Nosana.JobDefinition.Documents;

/// <summary>A YAML document that cannot become JSON; the message starts with line and column.</summary>
internal sealed class YamlFaultException : Exception
{
    public YamlFaultException(long line, long column, string what)
        : base(string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}: {what}"))
    {
    }
}
