using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>One health check; its type decides which shape is meant.</summary>
internal sealed class HealthCheckRule(Shape http, Shape webSocket)
    : Rule("(HttpHealthCheck | WebSocketHealthCheck)", "an object of type \"http\" or \"websocket\"")
{
    public IReadOnlyList<Shape> Shapes { get; } = [http, webSocket];

    public override bool Check(Validator validator, int node)
    {
        JsonTape tape = validator.Tape;
        int type = tape[node].Kind == JsonNodeKind.Object ? tape.Find(node, DefinitionKeys.Type) : -1;
        if (type >= 0 && tape.TextIs(type, "http"u8)) return http.Check(validator, node);
        return type >= 0 && tape.TextIs(type, "websocket"u8) ? webSocket.Check(validator, node) : Refuse(validator, node);
    }
}
