using System.Text;
using Nosana.Testing;

namespace Nosana.Deployments.Tests.Api;

public sealed class MutationTests
{
    private const int Requests = 5_000, Seed = 20261130, AtOnce = 8;

    [Fact]
    public async Task Requests_FiveThousandMutatedOnes_AreNeverAFaultOfTheServer()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(("strategy", "\"INFINITE\"")), scheduled = await api.CreateAsync(("strategy", "\"SCHEDULED\""), ("schedule", "\"0 0 * * *\""));
        string vault = (await api.SendAsync("GET", $"/deployments/{id}"))["vault"]!;
        (string Method, string Path, string? Body)[] routes =
        [
            ("POST", "/deployments/create", TestApi.Body(("schedule", "\"0 0 * * *\""), ("rotation_time", "10"), ("requirements", """{"a":1,"b":"x","c":true}"""))),
            ("POST", "/deployments/create", TestApi.Body(("strategy", "\"SCHEDULED\""), ("schedule", "\"5 4 * * MON\""), ("time_zone", "\"UTC\""), ("overlap", "\"forbid\""))),
            ("POST", "/deployments/create", TestApi.Body(("strategy", "\"INFINITE\""), ("rotation_time", "10"), ("vault", $"\"{vault}\""), ("autostart", "true"))),
            ("POST", $"/deployments/{id}/create-revision", TestApi.Definition),
            ("PATCH", $"/deployments/{id}/update-active-revision", """{"active_revision":1}"""),
            ("PATCH", $"/deployments/{id}/update-name", """{"name":"x"}"""),
            ("PATCH", $"/deployments/{id}/update-replica-count", """{"replicas":2}"""),
            ("PATCH", $"/deployments/{id}/update-timeout", """{"timeout":90}"""),
            ("PATCH", $"/deployments/{id}/update-rotation-time", """{"rotation_time":12}"""),
            ("PATCH", $"/deployments/{scheduled}/update-schedule", """{"schedule":"1 2 3 4 5","time_zone":"Europe/Paris","overlap":"allow","starting_deadline":5}"""),
            ("PATCH", $"/deployments/{id}/update-market", $$"""{"market":"{{TestApi.Market}}"}"""),
            ("PATCH", $"/deployments/{id}/update-requirements", """{"requirements":{"a":1}}"""),
            ("PATCH", $"/deployments/{id}/update-startup-timeout", """{"startup_timeout":5}"""),
            ("PATCH", $"/deployments/{id}/update-denied-hosts", $$"""{"denied_hosts":["{{TestApi.Market}}"]}"""),
            ("PATCH", $"/deployments/{id}/update-ssh-keys", """{"ssh_public_keys":["ssh-ed25519 AAAA"]}"""),
            ("POST", $"/deployments/{id}/duplicate", """{"name":"copy"}"""),
            ("POST", "/api-keys", """{"name":"k","expires_in_days":3}"""),
            ("GET", "/deployments?limit=10&sort_order=asc&search=a&status=DRAFT&created_after=2026-01-01T00:00:00Z&cursor=e30%3D", null),
            ("GET", $"/api/deployments/{id}/jobs?state=RUNNING&revision=1&limit=20", null),
            ("GET", $"/api/deployments/{id}/tasks?task=LIST&due_before=2026-01-01T00:00:00Z", null),
            ("GET", $"/api/deployments/{id}/events?category=Event&type=x", null),
            ("GET", $"/api/deployments/{id}/header?includeTime=true&message=x", null),
            ("POST", $"/api/deployments/{id}/start", null),
            ("POST", $"/api/deployments/vaults/{vault}/withdraw", null),
            ("GET", $"/deployments/jobs/{id}/job-definition", null),
        ];
        var random = new Random(Seed);
        DefinitionMutator[] bodies = [.. routes.Select((route, i) => new DefinitionMutator([Encoding.UTF8.GetBytes(route.Body ?? "{}")], Seed + i))];
        string user = api.Owner.PublicKey.Key, authorization = TestApi.Authorize(api.Owner);
        var asked = new List<(string Method, string Path, string? Body, string User, string Authorization, string Type)>();
        for (int i = 0; i < Requests; i++)
        {
            int route = random.Next(routes.Length);
            (string method, string path, string? body) = routes[route];
            if (body is not null) body = random.Next(8) == 0 ? Damage(body) : bodies[route].NextJson();
            bool isOther = random.Next(10) == 0, isPath = body is null || random.Next(10) == 0;
            asked.Add((
                method, isPath ? Damage(path, from: 1) : path, body, isOther && random.Next(2) == 0 ? Damage(user) : user, isOther ? Damage(authorization) : authorization,
                random.Next(30) == 0 ? "text/plain" : "application/json"));
        }

        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        await Parallel.ForEachAsync(asked, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestApi.Stop }, async (ask, _) =>
        {
            Answer answer = await api.SendAsync(ask.Method, ask.Path, ask.Body, ask.User, ask.Authorization, ask.Type);
            statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
            Assert.True(answer.Status < 500, $"{ask.Method} {ask.Path} {ask.Body}: {answer.Status} {answer.Text}");
        });
        // Mutations that are always refused at the door would show nothing.
        Assert.True(statuses.GetValueOrDefault(200) > Requests / 20, string.Join(' ', statuses));
        Assert.True(statuses.GetValueOrDefault(400) > Requests / 5, string.Join(' ', statuses));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', statuses.OrderBy(one => one.Key)));

        string Damage(string text, int from = 0)
        {
            const string Alphabet = "{}[]\":,.0159eE-+ \\/?&=%aZ\u00e4\u20ac:;'<>\u0001";
            var damaged = new StringBuilder(text);
            for (int changes = random.Next(1, 4); changes > 0 && damaged.Length > from; changes--)
            {
                int at = random.Next(from, damaged.Length);
                char c = Alphabet[random.Next(Alphabet.Length)];
                if (random.Next(3) == 0) damaged.Remove(at, 1);
                else if (random.Next(2) == 0) damaged.Insert(at, c);
                else damaged[at] = c;
            }
            return damaged.ToString();
        }
    }
}
