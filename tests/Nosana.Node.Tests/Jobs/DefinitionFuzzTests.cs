using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Placeholders;
using Nosana.JobDefinition.Results;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;
using Nosana.Node.Logs;
using Nosana.Node.Tests.Logs;
using Nosana.Testing;

namespace Nosana.Node.Tests.Jobs;

/// <summary>
/// Damaged definitions all the way from their bytes to what the engine is asked for and to their results: each is refused with a reason or written,
/// within bounds of its own.
/// </summary>
public sealed class DefinitionFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 4711, Mutations = 20_000;

    /// <summary>What one definition may allocate on its thread, and how long it may take: both far more than any takes.</summary>
    private const long MostBytes = 64L << 20;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public Task Definition_Damaged_IsRefusedOrWrittenWithinItsBounds() => Task.Run(() =>
    {
        byte[][] sources = [.. Sources()], good = [.. sources.Where(source => DefinitionLoader.Load(source).CanRun)];
        var json = new DefinitionMutator(good, Seed);
        var bytes = new DefinitionMutator(sources, Seed) { JsonSources = json };
        using var logs = new LogStore(_directory.Path, new LogOptions());
        int refused = 0, written = 0, invalid = 0;
        (long Bytes, TimeSpan Time) worst = default;
        for (int i = 0; i < Mutations; i++)
        {
            // Damaged bytes are seldom a definition any more, and of damaged JSON one in ten: other texts alone leave it one.
            byte[] document = (i % 4) switch { 0 => bytes.NextBytes(), 1 => Encoding.UTF8.GetBytes(json.NextJson()), _ => WithOtherTexts(json.Pick(good), json) };
            long before = GC.GetAllocatedBytesForCurrentThread(), began = Stopwatch.GetTimestamp();
            Try(document, logs, ref refused, ref written, ref invalid);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            TimeSpan took = Stopwatch.GetElapsedTime(began);
            Assert.True(allocated <= MostBytes && took <= Longest, $"{allocated} bytes, {took}: {Encoding.UTF8.GetString(document)}");
            if (allocated > worst.Bytes) worst.Bytes = allocated;
            if (took > worst.Time) worst.Time = took;
        }
        output.WriteLine($"{Mutations} documents: {refused} refused, {written} operations written, {invalid} of them refused by what they ask for; most {worst.Bytes} bytes, {worst.Time}");
        Assert.True(refused > Mutations / 10 && written > Mutations / 10);
    }, TestContext.Current.CancellationToken);

    private static void Try(byte[] document, LogStore logs, ref int refused, ref int written, ref int invalid)
    {
        LoadedDefinition loaded = DefinitionLoader.Load(document);
        if (!loaded.CanRun)
        {
            refused++;
            Assert.NotEmpty(loaded.Faults);
            return;
        }
        var request = new JobRequest
        {
            Job = "job",
            Run = "run",
            Project = "project",
            Host = "host",
            Definition = loaded.Definition,
            Plan = loaded.Plan,
            Slot = new JobSlot("slot", ["GPU-1"]),
        };
        var job = new JobContext(request, new FlowRecord(FlowState.Of(loaded.Definition), _ => { }), new PortHostNames(request, "localhost"));
        foreach (Operation operation in loaded.Definition.Ops)
        {
            if (operation.Type != OperationType.ContainerRun) continue;
            using var op = new OpContext(job, operation, logs.OpenOrCreate("job", "op"), adopted: null);
            try
            {
                op.Args = PlaceholderResolver.ResolveRun(loaded.Definition, operation, job.Scope());
                ContainerSpecWriter.Write(ContainerDriver.SpecOf(op), new HardeningProfile());
                written++;
            }
            catch (Exception e) when (e is PlaceholderException or EngineException { Fault: EngineFault.InvalidContainer })
            {
                invalid++;
            }
            OpResults.Write(ResultExtractor.Extract(operation.Results, s_log, new ExtractionBudget(), TimeProvider.System));
        }
    }

    /// <summary>The same with some of its texts exchanged.</summary>
    private static byte[] WithOtherTexts(byte[] document, DefinitionMutator random)
    {
        JsonNode root = JsonNode.Parse(document)!;
        List<JsonNode> texts = [];
        Collect(root["ops"]!, texts);
        for (int changes = 0; changes < 3 && texts.Count > 0; changes++)
        {
            JsonNode text = random.Pick(texts);
            texts.Remove(text);
            text.ReplaceWith(random.Pick(s_texts));
        }
        return Encoding.UTF8.GetBytes(root.ToJsonString());

        static void Collect(JsonNode? node, List<JsonNode> texts)
        {
            if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String && (value.Parent is JsonArray || value.GetPropertyName() is not ("type" or "id")))
                texts.Add(value);
            foreach (JsonNode? child in node switch { JsonObject o => o.Select(member => member.Value), JsonArray a => a, _ => [] }) Collect(child, texts);
        }
    }

    private static readonly string[] s_texts =
    [
        "", " ", "\u0000", "a\u0000b", "\u001b[2J\n21:00 info FORGED", "\u202e", "\ud800", "..", "../../etc", "/", "/proc/self/fd/8", "//", "a=b", "%%global.job%%", "%%ops.a.results.x%%",
        "%%ops.nobody.host%%", "%%", "(a+)+$", "(?<x>", "[", new string('x', 70_000), new string('/', 5000), "127.0.0.1:5000/a", "a@sha256:00", "nosana-node/empty:1", "8000-9000", "0",
        "99999999999999999999", "-1", "1e400", "file:///etc/passwd", "http://169.254.169.254/", "s3://a/b", "__spread__", "NVIDIA_VISIBLE_DEVICES", "üñí☃",
    ];

    private static readonly (string Type, string Text)[] s_log =
        [("stdout", new string('a', 2000) + "\n"), ("stderr", "\u001b[2J\u0000\ud800\n"), ("stdout", "x: 1, y: [2]\n"), ("nodeerr", "\n")];

    private static IEnumerable<byte[]> Sources() =>
        JsonNode.Parse(File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "tests", "Nosana.JobDefinition.Tests", "Data", "job-definition-examples.json")))!
            ["examples"]!.AsArray().Select(example => Encoding.UTF8.GetBytes(example!["definition"]?.ToJsonString() ?? "null"));
}
