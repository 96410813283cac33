using BenchmarkDotNet.Running;
using Nosana.Benchmarks.JobDefinition;

// definitions [SECONDS]: reading and validating the corpus beside the official validator on node.
// anything else: BenchmarkDotNet's own switches.
if (args is ["definitions", ..])
    return await DefinitionComparison.RunAsync(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 5);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
