using System.Text;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Placeholders;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Validation;

namespace Nosana.JobDefinition.Tests.Reading;

/// <summary>Documents near 1 MiB made to be slow: each must come to a verdict, and not by quadratic work.</summary>
public class HostileSizeTests
{
    private const int TimeLimit = 240_000;
    private const int Room = DefinitionLimits.MaxBytes - 1000;

    public static TheoryData<string, string, string> Documents => new()
    {
        // What repeats, before it, after it.
        { "1,", "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[{\"type\":\"container/run\",\"id\":\"a\",\"args\":{\"image\":\"i\",\"cmd\":[", "1]}}]}" },
        { "\"x\",", "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[{\"type\":\"container/run\",\"id\":\"a\",\"args\":{\"image\":\"i\",\"cmd\":[", "1,1,1]}}]}" },
        { "\"NUMBER0-NUMBER1\",", "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[{\"type\":\"container/run\",\"id\":\"a\",\"args\":{\"image\":\"i\",\"expose\":[", "1]}}]}" },
        { "NUMBER1,", "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[{\"type\":\"container/run\",\"id\":\"a\",\"args\":{\"image\":\"i\",\"expose\":[", "\"1-2\"]}}]}" },
        { "\"kNUMBER1\":1,", "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[],", "\"x\":1}" },
        { "\"k\":1,", "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[],", "\"x\":1}" },
        { "{\"type\":\"container/run\",\"id\":\"NUMBER1\",\"args\":{},\"x\":1},", "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[", "{}]}" },
        { "{\"type\":\"container/run\",\"id\":\"NUMBER1\",\"args\":{\"imag\":\"i\"}},", "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[", "{\"type\":\"container/run\",\"id\":\"x\",\"args\":{}}]}" },
        { "{\"type\":\"container/run\",\"id\":\"NUMBER1\",\"args\":{\"image\":\"i\"},\"execution\":{\"group\":\"g\",\"depends_on\":[\"NUMBER0\"]}},", "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[", "{\"type\":\"container/run\",\"id\":\"0\",\"args\":{\"image\":\"i\"},\"execution\":{\"group\":\"g\",\"depends_on\":[\"1\"]}}]}" },
        { "\"zz\",", "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[{\"type\":\"container/run\",\"id\":\"a\",\"args\":{\"image\":\"i\"},\"execution\":{\"depends_on\":[", "\"a\"]}}]}" },
        { "%%ops.b.host%%", "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[{\"type\":\"container/run\",\"id\":\"a\",\"args\":{\"image\":\"", "\"}}]}" },
        { "%%ops.", "{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[{\"type\":\"container/run\",\"id\":\"a\",\"args\":{\"image\":\"", "\"}}]}" },
        { "[", "", "" },
        { "{\"a\":", "", "" },
        { "[", "{\"version\":\"0.1\",\"type\":\"container\",\"meta\":{\"a\":", "" },
    };

    [Theory(Timeout = TimeLimit)]
    [MemberData(nameof(Documents))]
    public Task Read_OneMiBOfOnePiece_EndsWithAVerdict(string piece, string before, string after) =>
        Task.Run(() =>
        {
            byte[] document = Fill(piece, before, after);
            Assert.InRange(document.Length, Room / 2, DefinitionLimits.MaxBytes);
            foreach (ValidationMode mode in (ReadOnlySpan<ValidationMode>)[ValidationMode.Union, ValidationMode.Strict])
            {
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                DefinitionResult result = DefinitionReader.Read(document, mode);
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 200L * 1024 * 1024);
                Assert.Equal(result.IsValid, result.Errors.Count == 0);
                if (mode == ValidationMode.Union && result.IsValid) PlaceholderResolver.FindMissingReferences(result.Definition, FlowPlan.Create(result.Definition).Plan);
            }
        }, TestContext.Current.CancellationToken);

    private static byte[] Fill(string piece, string before, string after)
    {
        var text = new StringBuilder(before, DefinitionLimits.MaxBytes);
        for (int i = 0; text.Length + piece.Length + after.Length < Room; i++)
            text.Append(piece.Replace("NUMBER0", $"{2 * i}", StringComparison.Ordinal).Replace("NUMBER1", $"{2 * i + 1}", StringComparison.Ordinal));
        return Encoding.UTF8.GetBytes(text.Append(after).ToString());
    }
}
