using System.Text.Json.Nodes;
using Nosana.Node.Posting;

namespace Nosana.Node.Tests.Posting;

public sealed class JobEndTests
{
    [Theory]
    [InlineData("""{"status":"success","opStates":[{"operationId":"a","status":"success","exitCode":0}]}""", "completed", "")]
    [InlineData("""{"status":"failed","opStates":[{"operationId":"a","status":"failed","exitCode":7}]}""", "failed", "operation 'a' failed with exit code 7")]
    [InlineData("""{"status":"failed","opStates":[{"operationId":"a","status":"failed","exitCode":null}]}""", "failed", "operation 'a' failed")]
    [InlineData(
        """{"status":"failed","opStates":[{"operationId":"a","status":"failed","errors":[{"event":"image-pull-error","message":"no such image"}]}]}""",
        "failed", "operation 'a': no such image")]
    [InlineData(
        """{"status":"validation-error","errors":[{"message":"ops is missing"},"twice",{"path":"$"}],"opStates":[]}""",
        "failed", """ops is missing|twice|{"path":"$"}""")]
    [InlineData(
        """{"status":"stopped","opStates":[{"operationId":"a","status":"stopped","diagnostics":{"reason":{"jobStopped":true}}}]}""",
        "stopped", "operation 'a' was stopped by the job's poster")]
    [InlineData(
        """{"status":"stopped","opStates":[{"operationId":"a","status":"stopped","diagnostics":{"reason":{"hostShutDown":true}}}]}""",
        "stopped", "operation 'a' was stopped: its host shut down")]
    [InlineData(
        """{"status":"success","opStates":[{"operationId":"a","status":"stopped","diagnostics":{"reason":{"jobStopped":true,"reason":"Operation stopped due to flow stopped"}}}]}""",
        "stopped", "operation 'a' was stopped: Operation stopped due to flow stopped")]
    [InlineData("""{"status":"success","opStates":[{"operationId":"a","status":"success","diagnostics":{"reason":{"jobExpired":true}}}]}""", "completed", "")]
    [InlineData("""{"status":"failed"}""", "failed", "the host's result has the status 'failed' and no reason")]
    [InlineData("""{"status":5,"opStates":"none","errors":null}""", "failed", "the host's result has no status")]
    [InlineData("""{"status":"failed","opStates":[null,3,{"status":"failed","exitCode":"x","errors":[null]}]}""", "failed", "operation '?' failed")]
    [InlineData("""["success"]""", "unknown", "its host's result is not a JSON object")]
    [InlineData("null", "unknown", "its host's result is not a JSON object")]
    public void OfResult_AHostsResult_ItsEndAndWhy(string result, string word, string reasons)
    {
        JobEnd end = JobEnd.OfResult(JsonNode.Parse(result));
        Assert.Equal((word, reasons), (end.Word, string.Join('|', end.Reasons)));
    }
}
