using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Validation;
using Nosana.Node.Hosting;
using Nosana.Node.Market;

namespace Nosana.Node.Cli;

/// <summary><c>validate FILE...</c>: verdicts with every fault and its place; exit code 1 when any file is invalid.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var answer = new Output.CommandOutput();
        var files = new Argument<string[]>("file") { Description = "job definitions, JSON or YAML", Arity = ArgumentArity.OneOrMore };
        var strict = new Option<bool>("--strict") { Description = "the verdict of the official kit's validator, exactly" };
        var command = new Command("validate", "check job definitions without running anything") { files, strict };
        answer.AddTo(command);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(() =>
        {
            bool allValid = true;
            var verdicts = new JsonArray();
            foreach (string file in parse.GetRequiredValue(files))
            {
                (bool valid, IReadOnlyList<DefinitionFault> errors, IReadOnlyList<DefinitionFault> warnings) = Judge(file, parse.GetValue(strict) ? ValidationMode.Strict : ValidationMode.Union);
                allValid &= valid;
                if (answer.IsJson(parse)) verdicts.Add(new JsonObject { ["file"] = file, ["valid"] = valid, ["errors"] = Json(errors), ["warnings"] = Json(warnings) });
                else Print(file, valid, errors, warnings);
            }
            if (answer.IsJson(parse)) System.Console.Out.WriteLine(verdicts.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }));
            return Task.FromResult(allValid ? ExitCodes.Success : ExitCodes.Failed);
        }, cancel));
        return command;
    }

    private static (bool Valid, IReadOnlyList<DefinitionFault> Errors, IReadOnlyList<DefinitionFault> Warnings) Judge(string file, ValidationMode mode)
    {
        byte[] content;
        try
        {
            content = DefinitionFiles.Read(file);
        }
        catch (CommandException e)
        {
            return (false, [DefinitionFault.OfDocument("a readable file", e.Message)], []);
        }
        LoadedDefinition loaded = DefinitionLoader.LoadFile(file, content, mode);
        return (loaded.Faults.Count == 0, loaded.Faults, loaded.Warnings);
    }

    private static void Print(string file, bool valid, IReadOnlyList<DefinitionFault> errors, IReadOnlyList<DefinitionFault> warnings)
    {
        System.Console.Out.WriteLine($"{file}: {(valid ? "valid" : "INVALID")}");
        foreach (DefinitionFault error in errors) System.Console.Out.WriteLine($"  error    {error}");
        foreach (DefinitionFault warning in warnings) System.Console.Out.WriteLine($"  warning  {warning}");
    }

    private static JsonArray Json(IReadOnlyList<DefinitionFault> faults) =>
        [.. faults.Select(fault => (JsonNode)new JsonObject { ["path"] = fault.Path, ["expected"] = fault.Expected, ["found"] = fault.Found, ["message"] = fault.Message })];
}
