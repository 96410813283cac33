using BenchmarkDotNet.Attributes;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Validation;

namespace Nosana.Benchmarks.JobDefinition;

/// <summary>Reading and validating in one thread; an operation is one definition (the mean over the corpus) or the large one.</summary>
[MemoryDiagnoser]
public class DefinitionBenchmarks
{
    private byte[][] _corpus = [];
    private byte[] _large = [];
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        _corpus = CorpusDocuments.Load();
        _large = CorpusDocuments.Large();
    }

    [Benchmark]
    public DefinitionResult Union() => DefinitionReader.Read(_corpus[_next++ % _corpus.Length]);

    [Benchmark]
    public DefinitionResult Strict() => DefinitionReader.Read(_corpus[_next++ % _corpus.Length], ValidationMode.Strict);

    [Benchmark]
    public DefinitionResult TenThousandOperations() => DefinitionReader.Read(_large);
}
