using BenchmarkDotNet.Running;
using Nosana.Benchmarks.JobDefinition;
using Nosana.Benchmarks.LocalNet;

// definitions [SECONDS]: reading and validating the corpus beside the official validator on node.
// localnet [ROUNDS]: the queue's calls on networks of 1,000 to 100,000 jobs.
// anything else: BenchmarkDotNet's own switches.
if (args is ["definitions", ..])
    return await DefinitionComparison.RunAsync(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 5);
if (args is ["localnet", ..])
    return await QueueMeasurement.RunAsync(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 300);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
