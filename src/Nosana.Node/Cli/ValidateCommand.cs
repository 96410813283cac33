using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Validation;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;

namespace Nosana.Node.Cli;

/// <summary><c>validate FILE...</c>: verdicts with every fault and its place; exit code 1 when any file is invalid.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var answer = new CommandOutput();
        var files = new Argument<string[]>("file") { Description = DefinitionSource.Description, Arity = ArgumentArity.OneOrMore };
        var strict = new Option<bool>("--strict") { Description = "the verdict of the official kit's validator, exactly" };
        var command = new Command("validate", "check job definitions without running anything") { files, strict };
        command.AddSettings(SettingGroup.Network);
        answer.AddTo(command);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            bool allValid = true;
            var verdicts = new JsonArray();
            foreach (string file in parse.GetRequiredValue(files))
            {
                ValidationMode mode = parse.GetValue(strict) ? ValidationMode.Strict : ValidationMode.Union;
                (bool valid, IReadOnlyList<DefinitionFault> errors, IReadOnlyList<DefinitionFault> warnings) =
                    await JudgeAsync(() => DefinitionArgument.ReadAsync(file, parse, cancel), mode);
                allValid &= valid;
                if (answer.IsJson(parse))
                    verdicts.Add(new JsonObject { ["file"] = file, ["valid"] = valid, ["errors"] = Json(errors), ["warnings"] = Json(warnings) });
                else Print(file, valid, errors, warnings);
            }
            if (answer.IsJson(parse)) Terminal.WriteJson(verdicts);
            return allValid ? ExitCodes.Success : ExitCodes.Failed;
        }, cancel));
        return command;
    }

    private static async Task<(bool Valid, IReadOnlyList<DefinitionFault> Errors, IReadOnlyList<DefinitionFault> Warnings)> JudgeAsync(
        Func<Task<DefinitionText>> find, ValidationMode mode)
    {
        DefinitionText text;
        try
        {
            text = await find();
        }
        catch (CommandException e)
        {
            return (false, [DefinitionFault.OfDocument("a readable file", e.Message)], []);
        }
        LoadedDefinition loaded = text.Load(mode);
        return (loaded.Faults.Count == 0, loaded.Faults, loaded.Warnings);
    }

    private static void Print(string file, bool valid, IReadOnlyList<DefinitionFault> errors, IReadOnlyList<DefinitionFault> warnings)
    {
        Terminal.WriteLine($"{file}: {(valid ? "valid" : "INVALID")}");
        foreach (DefinitionFault error in errors) Terminal.WriteLine($"  error    {error}");
        foreach (DefinitionFault warning in warnings) Terminal.WriteLine($"  warning  {warning}");
    }

    private static JsonArray Json(IReadOnlyList<DefinitionFault> faults) =>
    [
        .. faults.Select(fault => (JsonNode)new JsonObject
        {
            ["path"] = fault.Path,
            ["expected"] = fault.Expected,
            ["found"] = fault.Found,
            ["message"] = fault.Message,
        }),
    ];
}
