using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Programs.Money;

namespace Nosana.Node.Cli;

/// <summary><c>job recover</c>: takes back the deposit of a job that its host gave back.</summary>
internal static class JobRecoverCommand
{
    public static Command Create() => OwnJobCommand.Create(
        "recover", "take back the deposit of a job that its host gave back", async (_, poster, job, cancel) =>
        {
            ulong deposit = await poster.RecoverAsync(job, cancel);
            return new JsonObject { ["recovered"] = $"{Amount.FormatNos(deposit)} NOS", ["recoveredMicroNos"] = deposit };
        });
}
