using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Validation.Rules;

namespace Nosana.JobDefinition.Validation;

/// <summary>
/// What a definition may hold, as one tree. Order and wording are those of the official kit's validator (@nosana/types 2.1.6);
/// keys and forms that only other official clients take are marked.
/// </summary>
internal static class DefinitionRules
{
    private const string Command = "(CMDArray | string | undefined)";
    private const string OptionalText = "(string | undefined)";
    private const string TextOrList = "a text or a list of texts";

    public static Rule Root { get; } = BuildRoot();

    private static TextRule Optional() => new TextRule(OptionalText);

    private static EitherRule TextOrTexts(string expected) =>
        new(expected, TextOrList, text: new TextRule(), list: new ListRule(expected, TextOrList, new TextRule()));

    private static ListRule Texts(string expected = "(Array<string> | undefined)") => new(expected, "a list of texts", new TextRule());

    private static MapRule TextMap(string expected) => new(expected, "an object whose values are texts", new TextRule(isSecret: true));

    private static ObjectRule BuildRoot()
    {
        // Both register keys; they must be known before the first document is read.
        _ = DefinitionKeys.Version;
        return new ObjectRule("JobDefinitionWithRule", "an object", new Shape(
            new Field("type", new WordRule("\"container\"", "container"), required: true),
            new Field("version", new VersionRule(), required: true),
            new Field("logistics", Logistics()),
            new Field("deployment_id", Optional()),
            new Field("meta", Meta()),
            new Field("global", Global()),
            new Field("ops", new OperationsRule(Operation()), required: true),
            new Field("ssh", Ssh(), unionOnly: true)), listsToo: true);
    }

    private static UnionOnlyRule Ssh() => new(
        new ObjectRule("undefined", "an object with public_keys", new Shape(new Field("public_keys", new SshKeysRule()))),
        "older official clients refuse ssh");

    private static ObjectRule Logistics()
    {
        var args = new ObjectRule("Partial<__type>", "an object with an endpoint or none", new Shape(new Field("endpoint", Optional())));
        var route = new ObjectRule("Logistic", "an object with type and args", new Shape(
            new Field("type", new WordRule("(\"api\" | \"api-listen\")", "api", "api-listen"), required: true),
            new Field("args", args, required: true)), listsToo: true);
        return new ObjectRule("(Logistics | undefined)", "an object with send and receive", new Shape(
            new Field("send", route, requiredInStrict: true),
            new Field("receive", route, requiredInStrict: true)), listsToo: true);
    }

    private static MetaRule Meta()
    {
        var scalar = new EitherRule("(number | string)", "a text or a number", text: new TextRule(), number: new NumberRule());
        return new MetaRule(
            new Field("trigger", Optional()),
            new Field("system_resources", new MapRule("(Record<string, string | number> | undefined)", "an object whose values are texts or numbers", scalar)));
    }

    private static ObjectRule Global() => new("(Global | undefined)", "an object", new Shape(
        new Field("image", Optional()),
        new Field("gpu", new FlagRule()),
        new Field("entrypoint", TextOrTexts(Command)),
        new Field("env", TextMap("(Env | undefined)")),
        new Field("work_dir", Optional()),
        new Field("variables", TextMap("(Variables | undefined)"))));

    private static ObjectRule Operation() => new("Operation<keyof OperationArgsMap>", "an object with type, id and args", new Shape(
        new Field("type", new WordRule("(\"container/create-volume\" | \"container/run\")", "container/run", "container/create-volume"), required: true),
        new Field("id", new OperationIdRule(), required: true),
        new Field("args", new ArgumentsRule(Run(), new Shape(new Field("name", new TextRule(), required: true))), required: true),
        new Field("results", Results()),
        new Field("execution", Execution())), listsToo: true);

    private static MapRule Results()
    {
        const string Either = "(OperationResult | string)";
        const string Allowed = "a pattern, or an object with regex and logType";
        var shape = new Shape(
            new Field("regex", new TextRule(), required: true),
            new Field("logType", new LogTypesRule(), required: true));
        var pattern = new ObjectRule(Either, Allowed, shape, listsToo: true);
        var either = new EitherRule(Either, Allowed, text: new TextRule(), list: pattern, obj: pattern);
        return new MapRule("(OperationResults | undefined)", "an object of patterns", either);
    }

    private static ExecutionRule Execution()
    {
        var group = new Field("group", Optional());
        const string Ids = "Array<string>";
        var dependsOn = new Field("depends_on", new ListRule(Ids, "a list of operation ids", new TextRule()));
        var requiredDependsOn = new Field("depends_on", dependsOn.Rule, required: true);
        var stop = new Field("stop_if_dependent_stops", new FlagRule());
        return new ExecutionRule(
            union: new Shape(group, dependsOn, stop, new Field("timeout", new NumberRule("(number | undefined)", "a number of seconds"))),
            withDependencies: new Shape(group, requiredDependsOn, stop),
            withoutDependencies: new Shape(group, new Field("depends_on", new NeverRule()), new Field("stop_if_dependent_stops", new NeverRule())));
    }

    private static Shape Run()
    {
        var spread = new Shape(
            new Field("__spread__", new SpreadTextRule(), required: true),
            new Field("chunked", new FlagRule()));
        var volume = new ObjectRule("Volume", "an object with name and dest", new Shape(
            new Field("name", new TextRule(), required: true),
            new Field("dest", new TextRule(), required: true)), listsToo: true);
        return new Shape(
            new Field("image", new TextRule(), required: true),
            new Field("aliases", TextOrTexts("(Aliases | string | undefined)")),
            new Field("cmd", TextOrTexts(Command)),
            new Field("volumes", new ListRule("(Array<Volume> | undefined)", "a list of volumes", volume)),
            new Field("expose", Expose(spread)),
            new Field("gpu", new FlagRule()),
            new Field("work_dir", Optional()),
            new Field("entrypoint", TextOrTexts(Command)),
            new Field("env", TextMap("(Env | undefined)")),
            new Field("restart_policy", RestartPolicy()),
            new Field("private", new FlagRule()),
            new Field("resources", Resources(spread)),
            new Field("authentication", Authentication()),
            new Field("output", new UnionOnlyRule(Optional(), "has no effect, and the kit's validator refuses it"), unionOnly: true),
            new Field("required_vram", RequiredVram(), unionOnly: true),
            new Field("trusted_execution_env", TrustedExecution(), unionOnly: true));
    }

    private static UnionOnlyRule RequiredVram() => new(
        new NumberRule("(number | undefined)", "a number of GB"),
        "the kit's validator refuses it here; say it in meta.system_requirements");

    private static UnionOnlyRule TrustedExecution() => new(new AnyRule(), "older official clients refuse it, as do hosts that have none");

    private static ExposeRule Expose(Shape spread)
    {
        const string Types = "(\"api\" | \"none\" | \"web\" | \"webapi\" | \"websocket\" | undefined)";
        var type = new Field("type", new WordRule(Types, "web", "api", "webapi", "websocket", "none"));
        var http = new Shape(
            new Field("type", new WordRule("\"http\"", "http"), required: true),
            new Field("path", new TextRule(), required: true),
            new Field("method", new WordRule("(\"DELETE\" | \"GET\" | \"POST\" | \"PUT\")", "GET", "POST", "PUT", "DELETE"), required: true),
            new Field("expected_status", new NumberRule("number", "a status code"), required: true),
            new Field("headers", TextMap("(Record<string, string> | undefined)")),
            new Field("body", new AnyRule()),
            new Field("continuous", new FlagRule("boolean"), required: true),
            RestartOnFailure(),
            MaxRestarts());
        var webSocket = new Shape(
            new Field("type", new WordRule("\"websocket\"", "websocket"), required: true),
            new Field("expected_response", new TextRule(), required: true),
            new Field("continuous", new FlagRule("boolean"), required: true),
            RestartOnFailure(),
            MaxRestarts());
        var check = new HealthCheckRule(http, webSocket);
        var checks = new Field("health_checks", new ListRule("(Array<HealthCheck> | undefined)", "a list of health checks", check));
        return new ExposeRule(
            new Shape(new Field("port", new PortRule(takesRanges: false), required: true), type, checks),
            new Shape(new Field("port", new PortRule(takesRanges: true), required: true), type, checks),
            spread);
    }

    private const string KnownByNewerHosts = "older official clients refuse it";

    private static Field RestartOnFailure() => new("restart_on_failure", new UnionOnlyRule(new FlagRule(), KnownByNewerHosts), unionOnly: true);

    private static Field MaxRestarts() => new(
        "max_restarts", new UnionOnlyRule(new NumberRule("(number | undefined)", "a number of restarts"), KnownByNewerHosts), unionOnly: true);

    private static EitherRule RestartPolicy()
    {
        const string Expected = "(\"always\" | \"no\" | \"on-failure\" | \"unless-stopped\" | __type.o4 | undefined)";
        const string Allowed = "one of \"no\", \"always\", \"unless-stopped\", \"on-failure\", or {\"policy\": \"on-failure\", \"restart_tries\": N}";
        var shape = new Shape(
            new Field("policy", new WordRule("\"on-failure\"", "on-failure"), required: true),
            new Field("restart_tries", new NumberRule("(number | undefined)")));
        var policy = new ObjectRule(Expected, Allowed, shape, listsToo: true);
        return new EitherRule(Expected, Allowed, text: new WordRule(Expected, "no", "always", "unless-stopped", "on-failure"), list: policy, obj: policy);
    }

    private static ListRule Resources(Shape spread)
    {
        Field type = new("type", new WordRule("\"S3\"", ["S3"], "one of \"S3\", \"HF\", \"Ollama\""), required: true);
        Field target = new("target", new TextRule(allowed: "a path in the container"), required: true);
        Field url = new("url", Optional());
        Field allowWrite = new("allowWrite", new FlagRule());
        Field files = new("files", Texts());
        Field iam = new("IAM", new ObjectRule("(S3Auth | undefined)", "an object with REGION, ACCESS_KEY_ID and SECRET_ACCESS_KEY", new Shape(
            new Field("REGION", new TextRule(), required: true),
            new Field("ACCESS_KEY_ID", new TextRule(isSecret: true), required: true),
            new Field("SECRET_ACCESS_KEY", new TextRule(isSecret: true), required: true)), listsToo: true));
        var source = new ObjectRule("__type.o5", "an object with a url", new Shape(
            new Field("url", new TextRule(), required: true), files), listsToo: true);
        Field buckets = new("buckets", new ListRule("Array<__type>", "a list of sources", source), required: true);
        var resource = new ResourceRule(
            spread,
            s3: new Shape(type, target, url, allowWrite, files, iam),
            s3WithBucket: new Shape(type, target, new Field("bucket", new TextRule(), required: true), url, allowWrite, iam),
            s3WithBuckets: new Shape(type, target, buckets, url, allowWrite, iam),
            huggingFace: new Shape(
                new Field("type", new WordRule("\"HF\"", "HF"), required: true), target,
                new Field("repo", new TextRule(), required: true),
                new Field("revision", Optional()), files,
                new Field("accessToken", new TextRule(OptionalText, isSecret: true))),
            ollama: new Shape(
                new Field("type", new WordRule("\"Ollama\"", "Ollama"), required: true),
                new Field("model", new TextRule(), required: true),
                new Field("target", Optional())));
        return new ListRule("(Resources | undefined)", "a list of resources", resource);
    }

    private static ObjectRule Authentication()
    {
        var docker = new ObjectRule("(DockerAuth | undefined)", "an object with username, password, email, server", new Shape(
            new Field("username", Optional()),
            new Field("password", new TextRule(OptionalText, isSecret: true)),
            new Field("email", Optional()),
            new Field("server", Optional())));
        return new ObjectRule("(Authentication | undefined)", "an object with docker", new Shape(new Field("docker", docker)));
    }
}
