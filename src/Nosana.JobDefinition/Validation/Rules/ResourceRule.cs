using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>One entry of <c>resources</c>; its keys, and only then its type, decide which shape is meant.</summary>
internal sealed class ResourceRule(Shape spread, Shape s3, Shape s3WithBucket, Shape s3WithBuckets, Shape huggingFace, Shape ollama)
    : Rule(
        "(\"__remove-if-empty__\" | (__type & TagBase<__type>) | HFResource | OllamaResource | S3Base | S3WithBucket | S3WithBuckets)",
        "an S3, HF or Ollama resource, {\"__spread__\": \"%%...%%\"} or \"__remove-if-empty__\"")
{
    public IReadOnlyList<Shape> Shapes { get; } = [s3, s3WithBucket, s3WithBuckets, huggingFace, ollama, spread];

    public override bool Check(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        return tape[node].Kind switch
        {
            JsonNodeKind.Text => tape.TextIs(node, "__remove-if-empty__"u8) || Refuse(validator, node),
            JsonNodeKind.Object => Choose(tape, node).Check(validator, node),
            JsonNodeKind.List when validator.IsStrict => s3.Check(validator, node),
            _ => Refuse(validator, node),
        };
    }

    private Shape Choose(JsonTape tape, int node)
    {
        if (tape.Find(node, DefinitionKeys.Spread) >= 0) return spread;
        if (tape.Find(node, DefinitionKeys.Bucket) >= 0) return s3WithBucket;
        if (tape.Find(node, DefinitionKeys.Buckets) >= 0) return s3WithBuckets;
        int type = tape.Find(node, DefinitionKeys.Type);
        if (type >= 0 && tape.TextIs(type, "HF"u8)) return huggingFace;
        return type >= 0 && tape.TextIs(type, "Ollama"u8) ? ollama : s3;
    }
}
