using System.Text.Json.Nodes;
using Nosana.Deployments.Chain;

namespace Nosana.Deployments.Tests.Chain;

public sealed class JobDocumentsTests
{
    [Fact]
    public void WithKeys_DefinitionHasSome_GrantsBothOnce() => Assert.Equal(
        ["ssh-ed25519 A", "ssh-ed25519 B", "ssh-ed25519 C"],
        JsonNode.Parse(JobDocuments.WithKeys("""{"ops":[],"ssh":{"public_keys":["ssh-ed25519 A","ssh-ed25519 B"]}}""", ["ssh-ed25519 B", "ssh-ed25519 C"]))!["ssh"]!["public_keys"]!
            .AsArray().Select(key => (string)key!));

    [Fact]
    public void WithKeys_None_LeavesTheBytesAlone() => Assert.Equal("{ \"ops\": [] }", JobDocuments.WithKeys("{ \"ops\": [] }", []));

    [Fact]
    public void StandIn_NamesWhereToAskAndNothingElse() => Assert.Equal(
        """{"version":"0.1","type":"container","logistics":{"send":{"type":"api","args":{"endpoint":"https://m.test/x/deployments/jobs/%%global.job%%/job-definition"}},"receive":{"type":"api","args":{"endpoint":"https://m.test/x/deployments/jobs/%%global.job%%/results"}}},"ops":[]}""",
        JobDocuments.StandIn(new Uri("https://m.test/x/")));
}
