using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nosana.Testing;

/// <summary>Changes job definitions at random but repeatably: the same seed and documents give the same mutations.</summary>
internal sealed class DefinitionMutator
{
    private static readonly JsonSerializerOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-0", "1", "-1", "80", "8080", "80.0", "80.5", "70000", "65535", "65536", "8e1", "1e400", "123456789012345678901234567890",
        "\"\"", "\"x\"", "\"80\"", "\"8000-8010\"", "\"8005-8015\"", "\"8011-8020\"", "\"9000-8000\"", "\"80-80\"", "\"1-65536\"", "\"8000-\"", "\"%%ops.a.results.x%%\"",
        "\"%%global.variables.X%%\"", "\"%%globals.x%%\"", "\"%%opsX%%\"", "\"x%%ops.a.b%%\"", "\"%%ops.a%b%%\"", "\"__remove-if-empty__\"", "\"my op\"", "\"a.b\"",
        "\"\\u0061\"", "\"\\ud83d\\ude00\"", "\"0.1\"", "\"0.2\"", "\"container/run\"", "\"container/create-volume\"", "\"http\"", "\"websocket\"", "\"S3\"", "\"HF\"", "\"Ollama\"",
        "\"on-failure\"", "\"always\"", "\"api\"", "\"api-listen\"", "[]", "{}", "[null]", "[1]", "[80,80]", "[80,81]", "[\"8000-8010\"]", "[\"8000-8010\",\"8011-8020\"]",
        "[\"8000-8010\",8005]", "[\"80-70\"]", "[\"a\"]", "[\"a\",\"b\"]", "[\"stdout\"]", "[\"stdout\",\"stderr\"]", "[\"stdout\",\"stdout\"]", "[[]]", "[{}]", "[true]",
        "{\"port\":80}", "{\"port\":\"8000-8010\"}", "[{\"port\":80}]", "[{\"port\":\"8000-8010\"}]", "[{\"port\":80},80]", "[{\"port\":0}]", "{\"__spread__\":\"%%ops.a.results.x%%\"}",
        "[{\"__spread__\":\"%%ops.a.results.x%%\",\"chunked\":true}]", "[{\"__spread__\":\"[80]\"}]", "[{\"__spread__\":\"\",\"port\":80},80]", "{\"a\":{\"b\":{\"c\":1}}}", "{\"a\":[{\"b\":1}]}",
        "{\"a\":\"b\"}", "{\"a\":1}", "{\"group\":\"g\",\"timeout\":60}", "{\"stop_if_dependent_stops\":true}", "{\"depends_on\":[\"a\"]}", "{\"depends_on\":[]}",
        "{\"public_keys\":[\"k\"]}", "{\"public_keys\":[]}", "{\"policy\":\"on-failure\",\"restart_tries\":3}", "{\"policy\":\"always\"}", "{\"name\":\"v\"}", "{\"image\":\"i\"}",
        "{\"send\":{\"type\":\"api-listen\",\"args\":{}}}", "{\"receive\":{\"type\":\"api\",\"args\":{\"endpoint\":\"e\"}}}", "{\"regex\":\"x\",\"logType\":[\"stdin\"]}", "{\"1\":1,\"0\":0,\"b\":2}",
        "[{\"name\":\"a\",\"dest\":\"/a\"},{\"name\":\"b\",\"dest\":\"/b\"}]", "[{\"type\":\"S3\",\"bucket\":\"b\",\"target\":\"/m\"}]", "[{\"type\":\"S3\",\"buckets\":[{\"url\":\"u\"}],\"target\":\"/m\"}]",
    ];

    private static readonly string[] s_keys =
    [
        "version", "type", "ops", "meta", "global", "logistics", "deployment_id", "ssh", "id", "args", "results", "execution", "image", "name", "cmd", "entrypoint", "env", "expose", "gpu",
        "work_dir", "volumes", "private", "aliases", "resources", "authentication", "restart_policy", "output", "required_vram", "group", "depends_on", "stop_if_dependent_stops", "timeout",
        "trigger", "system_resources", "system_requirements", "variables", "send", "receive", "endpoint", "port", "health_checks", "path", "method", "expected_status", "continuous", "headers",
        "body", "expected_response", "__spread__", "chunked", "target", "url", "files", "bucket", "buckets", "IAM", "allowWrite", "repo", "revision", "accessToken", "model", "docker", "username",
        "regex", "logType", "policy", "restart_tries", "dest", "imge", "helth_checks", "class", "default", "A-B", "0", "10", "2", "01", "-1", "4294967295", "__proto__", "constructor", "toString",
        "length", "", "ä", "a b", "na", "nam", "names", "x\"y", "x\\y",
    ];

    private readonly IReadOnlyList<byte[]> _documents;
    private readonly Random _random;

    public DefinitionMutator(IReadOnlyList<byte[]> documents, int seed)
    {
        _documents = documents;
        _random = new Random(seed);
    }

    /// <summary>Makes the JSON that <see cref="NextBytes"/> damages now and then; this one, unless its documents are no JSON.</summary>
    public DefinitionMutator? JsonSources { get; init; }

    /// <summary>A document with one to three changes; always JSON, on one line.</summary>
    public string NextJson()
    {
        JsonNode? root = Parse(Pick(_documents));
        for (int changes = _random.Next(1, 4); changes > 0; changes--) root = Change(root);
        string json = root?.ToJsonString(s_options) ?? "null";
        return _random.Next(12) == 0 ? RepeatKey(json) : json;
    }

    /// <summary>A document with a change of its bytes; seldom JSON any more.</summary>
    public byte[] NextBytes()
    {
        byte[] bytes = _random.Next(3) == 0 ? Encoding.UTF8.GetBytes((JsonSources ?? this).NextJson()) : [.. Pick(_documents)];
        for (int changes = _random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--)
        {
            int at = _random.Next(bytes.Length);
            switch (_random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1:
                    bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + _random.Next(1, 20))..]];
                    break;
                case 2:
                    bytes = bytes[..at];
                    break;
                case 3:
                    bytes = [.. bytes[..at], (byte)_random.Next(256), .. bytes[at..]];
                    break;
                case 4:
                    string insert = Pick<string>(["\xFF", "\u0000", "\\ud800", "[", "{", "]", "}", "\"", ",", ":", "1e99999", "-", "\t", "&a ", "*a", "<<: ", "%%", "- "]);
                    bytes = [.. bytes[..at], .. Encoding.Latin1.GetBytes(insert), .. bytes[at..]];
                    break;
                case 5:
                    int depth = _random.Next(1, 5000);
                    bytes = [.. bytes[..at], .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Pick<string>(["[", "{\"a\":"]), depth))), .. bytes[at..]];
                    break;
                default:
                    bytes = [.. bytes[..at], .. Encoding.ASCII.GetBytes(new string(Pick<char>(['9', '0', ' ', '\n', 'a', '(']), _random.Next(1, 3000))), .. bytes[at..]];
                    break;
            }
        }
        return bytes;
    }

    public T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];

    private static JsonNode? Parse(ReadOnlySpan<byte> json) => JsonNode.Parse(json);

    private JsonNode? Change(JsonNode? root)
    {
        var places = new List<JsonNode>();
        Collect(root, places);
        if (places.Count == 0) return RandomValue();
        JsonNode place = Pick(places);
        if (place is JsonArray list) ChangeList(list);
        else ChangeObject((JsonObject)place);
        return _random.Next(400) == 0 ? RandomValue() : root;
    }

    private void ChangeObject(JsonObject place)
    {
        string? key = place.Count > 0 ? Pick(place.Select(p => p.Key).ToArray()) : null;
        switch (_random.Next(5))
        {
            case 0 when key is not null:
                place.Remove(key);
                break;
            case 1 when key is not null:
                place[key] = RandomValue();
                break;
            case 2 when key is not null:
                JsonNode? value = place[key];
                place.Remove(key);
                place[Pick(s_keys)] = value?.DeepClone();
                break;
            case 3 when key is not null && Transplant(key) is { } other:
                place[key] = other;
                break;
            default:
                place[Pick(s_keys)] = RandomValue();
                break;
        }
    }

    private void ChangeList(JsonArray place)
    {
        switch (_random.Next(4))
        {
            case 0 when place.Count > 0:
                place.RemoveAt(_random.Next(place.Count));
                break;
            case 1 when place.Count > 0:
                place[_random.Next(place.Count)] = RandomValue();
                break;
            case 2 when place.Count > 0:
                place.Add(place[_random.Next(place.Count)]?.DeepClone());
                break;
            default:
                place.Insert(_random.Next(place.Count + 1), RandomValue());
                break;
        }
    }

    /// <summary>The value that the same key has in another document.</summary>
    private JsonNode? Transplant(string key)
    {
        var places = new List<JsonNode>();
        Collect(Parse(Pick(_documents)), places);
        JsonObject[] owners = [.. places.OfType<JsonObject>().Where(o => o.ContainsKey(key))];
        return owners.Length == 0 ? null : Pick(owners)[key]?.DeepClone();
    }

    private JsonNode? RandomValue() => JsonNode.Parse(Pick(s_values));

    private string RepeatKey(string json)
    {
        int[] braces = [.. Enumerable.Range(0, json.Length).Where(i => json[i] == '{' && i + 1 < json.Length && json[i + 1] == '"')];
        if (braces.Length == 0) return json;
        int at = Pick(braces) + 1;
        string repeated = json[..at] + JsonSerializer.Serialize(Pick(s_keys), s_options) + ":" + Pick(s_values) + "," + json[at..];
        try
        {
            // A brace inside a text is no place for a key.
            using JsonDocument check = JsonDocument.Parse(repeated);
            return repeated;
        }
        catch (JsonException)
        {
            return json;
        }
    }

    private static void Collect(JsonNode? node, List<JsonNode> places)
    {
        if (node is JsonObject o)
        {
            places.Add(o);
            foreach ((_, JsonNode? value) in o) Collect(value, places);
        }
        else if (node is JsonArray a)
        {
            places.Add(a);
            foreach (JsonNode? item in a) Collect(item, places);
        }
    }
}
