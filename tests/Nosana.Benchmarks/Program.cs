using System.Globalization;
using BenchmarkDotNet.Running;
using Nosana.Benchmarks.Agent;
using Nosana.Benchmarks.Containers;
using Nosana.Benchmarks.Deployments;
using Nosana.Benchmarks.Ingress;
using Nosana.Benchmarks.JobDefinition;
using Nosana.Benchmarks.LocalNet;
using Nosana.Benchmarks.Output;
using Nosana.Benchmarks.Pulls;
using Nosana.Benchmarks.Streams;

// definitions [SECONDS]: reading and validating the corpus beside the official validator on node.
// localnet [ROUNDS]: the queue's calls on networks of 1,000 to 100,000 jobs.
// deployments [MOST]: their store with 1,000 to 25,000 of them.
// ingress [ROUNDS]: exposed ports beside a bare YARP forwarder, nginx and the container itself.
// The others are for packaging/bench.sh, which starts the engine and the registry that they need:
// containers [ROUNDS]: what the agent adds to the engine's create and start, and how soon it notices an exit.
// logs [ROUNDS [LINES]]: replayed frames, then our capture beside docker logs --follow.
// pull [ROUNDS [MIB]]: our pull beside docker pull, of an image of 3 layers and of one of 8.
// market [JOBS]: the agent as a process of its own on an embedded market: pick-up, requeue, first container, settlement without pinning.
// streams [ROUNDS]: owners who watch through the node's API, and what it costs to hear what containers use.
// soak [JOBS]: what the agent holds, and has left behind, after many short jobs.
// anything else: BenchmarkDotNet's own switches.
int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;

switch (args.FirstOrDefault())
{
    case "definitions": return await DefinitionComparison.RunAsync(Number(1, 5));
    case "localnet": return await QueueMeasurement.RunAsync(Number(1, 300));
    case "deployments": return await StoreMeasurement.RunAsync(Number(1, 25_000));
    case "ingress": return await IngressMeasurement.RunAsync(Number(1, 5)) ? 0 : 1;
    case "ingress-serve": return await IngressServers.RunAsync(args[1], args.ElementAtOrDefault(2)); // a process of the one above
    case "containers": return await ContainerMeasurement.RunAsync(Number(1, 100));
    case "logs": return await ReplayMeasurement.RunAsync() & await FollowMeasurement.RunAsync(Number(1, 5), Number(2, 1_000_000)) ? 0 : 1;
    case "pull": return await PullMeasurement.RunAsync(Number(1, 10), Number(2, 300), 3) | await PullMeasurement.RunAsync(Number(1, 10), Number(2, 300), 8);
    case "market": return await MarketMeasurement.RunAsync(Number(1, 50));
    case "streams": return await StreamMeasurement.RunAsync(Number(1, 2));
    case "soak": return await SoakMeasurement.RunAsync(Number(1, 1000));
}

BenchmarkSwitcher.FromAssembly(typeof(DefinitionBenchmarks).Assembly).Run(args);
return 0;
