using System.Text;
using Nosana.Node.Texts;

namespace Nosana.Node.Cli.Output;

/// <summary>An exception in full. Its lines are ours: names of types and methods; the messages may hold anybody's text and stay on theirs.</summary>
internal static class ExceptionText
{
    public static string Of(Exception exception)
    {
        var text = new StringBuilder();
        Write(text, exception);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Exception exception)
    {
        text.Append(exception.GetType().FullName).Append(": ").Append(PlainText.OneLine(exception.Message));
        if (exception.StackTrace is { } trace) text.Append('\n').Append(trace);
        IEnumerable<Exception> inner = exception is AggregateException several ? several.InnerExceptions
            : exception.InnerException is { } one ? [one]
            : [];
        foreach (Exception cause in inner)
        {
            text.Append("\n ---> ");
            Write(text, cause);
        }
    }
}
